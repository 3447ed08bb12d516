import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";

import {
  type ApiSchema,
  decodeResponse,
  encodeRequest,
  type RequestInput,
  type ResponseOf,
  SaslAuthenticate,
  SaslHandshake,
} from "@millrace/protocol";

/** Who a connection is for. */
export interface User {
  readonly name: string;
  readonly password: string;
}

/** The broker has closed the connection instead of answering. */
export class ConnectionClosedError extends Error {}

/** A connection on which one request at a time is asked in the project's own codec. */
export class SaslConnection implements Disposable {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #waiting: PromiseWithResolvers<Buffer> | undefined;
  #correlationId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#deliver();
    });
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () =>
      this.#waiting?.reject(new ConnectionClosedError("the connection was closed")),
    );
  }

  /** Connects to a port of this machine, and with a user logs in with SASL/PLAIN. */
  static async open(port: number, user?: User): Promise<SaslConnection> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    const connection = new SaslConnection(socket);
    if (user === undefined) return connection;
    const handshake = await connection.ask(SaslHandshake, 1, { mechanism: "PLAIN" });
    assert.equal(handshake.errorCode, 0);
    const authBytes = Buffer.from(`\0${user.name}\0${user.password}`);
    const { errorCode, errorMessage } = await connection.ask(SaslAuthenticate, 2, { authBytes });
    assert.equal(errorCode, 0, errorMessage ?? "");
    return connection;
  }

  /** Sends a request and gives its answer. */
  async ask<Api extends ApiSchema>(
    api: Api,
    apiVersion: number,
    body: RequestInput<Api>,
  ): Promise<ResponseOf<Api>> {
    this.#correlationId += 1;
    const frame = { correlationId: this.#correlationId, clientId: "table", body };
    const bytes = Buffer.concat(encodeRequest(api, apiVersion, frame));
    this.#waiting = Promise.withResolvers<Buffer>();
    this.#socket.write(bytes);
    const answer = await this.#waiting.promise;
    return decodeResponse(api, apiVersion, answer).body;
  }

  [Symbol.dispose](): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #deliver(): void {
    if (this.#received.length < 4) return;
    const end = 4 + this.#received.readInt32BE(0);
    if (this.#received.length < end) return;
    const frame = Buffer.from(this.#received.subarray(4, end));
    this.#received = this.#received.subarray(end);
    this.#waiting?.resolve(frame);
  }
}
