import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** A connection to a broker on this machine that minds nothing. */
export class HostileConnection {
  readonly #socket: Socket;
  #receivedBytes = 0;
  #isClosed = false;
  #hasLeft = false;

  /** Over a socket that is connected, encrypted or not. */
  constructor(socket: Socket) {
    this.#socket = socket;
    // What the broker does with a hostile client is its own affair; only this process must go on.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#isClosed = true;
    });
    socket.on("data", (bytes) => {
      this.#receivedBytes += bytes.length;
    });
  }

  /** Connects. @throws Error when nobody listens. */
  static async open(port: number): Promise<HostileConnection> {
    const socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    return new HostileConnection(socket);
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Whether the broker, or this side, closed it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the broker closed it although this side stayed. */
  get isRefused(): boolean {
    return this.#isClosed && !this.#hasLeft;
  }

  /** Sends bytes as they are. */
  send(bytes: Buffer): void {
    if (!this.#isClosed) this.#socket.write(bytes);
  }

  /** Sends no more and reads on, reads no more, or is gone without a word. */
  leave(manner: "half" | "deaf" | "reset" | "close"): void {
    this.#hasLeft ||= manner !== "deaf";
    if (manner === "half") this.#socket.end();
    else if (manner === "deaf") this.#socket.pause();
    else if (manner === "reset" && !(this.#socket instanceof TLSSocket)) {
      this.#socket.resetAndDestroy();
    } else {
      this.#socket.destroy();
    }
  }
}
