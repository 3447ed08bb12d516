import { connect, type Socket } from "node:net";

import {
  type ApiSchema,
  decodeResponse,
  encodeRequest,
  type RequestInput,
  type ResponseOf,
} from "@millrace/protocol";

interface Waiting {
  readonly take: (frame: Buffer) => void;
  readonly fail: (error: Error) => void;
}

/** One connection of the coordinators' load: requests in any number, answers in their order. */
export class Wire {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #received: Buffer = Buffer.alloc(0);
  #correlationId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#take(bytes));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the broker closed the connection")));
  }

  /** @param bootstrap `host:port`. */
  static connect(bootstrap: string): Promise<Wire> {
    const [host = "127.0.0.1", port = "9092"] = bootstrap.split(":");
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port: Number(port) });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new Wire(socket));
      });
    });
  }

  request<Api extends ApiSchema>(
    api: Api,
    version: number,
    body: RequestInput<Api>,
  ): Promise<ResponseOf<Api>> {
    const correlationId = ++this.#correlationId;
    const frame = encodeRequest(api, version, { correlationId, clientId: "bench", body });
    return new Promise((resolve, reject) => {
      const take = (bytes: Buffer): void => resolve(decodeResponse(api, version, bytes).body);
      this.#waiting.push({ take, fail: reject });
      this.#socket.write(Buffer.concat(frame));
    });
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    let at = 0;
    while (this.#received.length - at >= 4) {
      const end = at + 4 + this.#received.readInt32BE(at);
      if (end > this.#received.length) break;
      this.#waiting.shift()?.take(this.#received.subarray(at + 4, end));
      at = end;
    }
    this.#received = this.#received.subarray(at);
  }

  #fail(error: Error): void {
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}
