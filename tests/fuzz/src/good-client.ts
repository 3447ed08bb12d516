import { once } from "node:events";
import type { Socket } from "node:net";
import {
  type ApiSchema,
  decodeResponse,
  encodeRequest,
  type RequestInput,
  type ResponseOf,
} from "@millrace/protocol";

/** A broker that does not answer a good request within this time has failed. */
const answerMsMax = 20_000;

/** The client of a socket whose other side has to answer: one request at a time. */
export class GoodClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("end", () => void socket.destroy(new Error("the broker ended the connection")));
    socket.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
  }

  /** Sends a request and gives its answer. @throws Error when none comes. */
  async ask<Api extends ApiSchema>(
    api: Api,
    version: number,
    body: RequestInput<Api>,
  ): Promise<ResponseOf<Api>> {
    const options = { correlationId: 7, clientId: "good", body };
    this.#socket.write(Buffer.concat(encodeRequest(api, version, options)));
    const signal = AbortSignal.timeout(answerMsMax);
    while (this.#received.length < this.#frameEnd()) {
      await once(this.#socket, "data", { signal });
    }
    const frame = this.#received.subarray(4, this.#frameEnd());
    this.#received = this.#received.subarray(this.#frameEnd());
    return decodeResponse(api, version, frame).body;
  }

  #frameEnd(): number {
    return this.#received.length < 4 ? 4 : 4 + this.#received.readInt32BE(0);
  }
}
