import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { assert } from "../assert.ts";
import type { Connection, Receiver } from "../network.ts";
import { NodeConnection } from "./connection.ts";
import { peerAddress } from "./peer-address.ts";

/**
 * An accepted connection that is encrypted: known from the moment it is accepted, so that it can be
 * counted and closed, and readable once the handshake is done.
 */
export class NodeTlsConnection implements Connection {
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly #accepted: Socket;
  #beginHandshake: (() => void) | undefined;
  #secure: NodeConnection | undefined;
  #socket: TLSSocket | undefined;
  #dataHandler: ((bytes: Buffer) => void) | undefined;
  #receiver: Receiver | undefined;
  #drainHandler: (() => void) | undefined;
  #closeHandler: ((error: Error | undefined) => void) | undefined;
  #isPaused = true;
  #error: Error | undefined;

  /** @param beginHandshake called by the first `resume`: who is only held costs no handshake. */
  constructor(accepted: Socket, beginHandshake: () => void) {
    this.#accepted = accepted;
    this.#beginHandshake = beginHandshake;
    this.remoteHost = peerAddress(accepted.remoteAddress);
    this.remotePort = accepted.remotePort ?? 0;
    // Once a handshake has failed, a reset reaches the socket below; without this, it would end the
    // process.
    accepted.on("error", (error) => {
      this.#error ??= error;
    });
    accepted.once("close", () => {
      // Once it is secure, the encrypted stream tells of its end, after what came before it.
      if (this.#secure === undefined) this.#closed(this.#error);
    });
  }

  /** The handshake is done. */
  secured(socket: TLSSocket): void {
    this.#socket = socket;
    const secure = new NodeConnection(socket, { host: this.remoteHost, port: this.remotePort });
    this.#secure = secure;
    if (this.#receiver !== undefined) secure.receiveInto(this.#receiver);
    else secure.onData((bytes) => this.#dataHandler?.(bytes));
    secure.onDrain(() => this.#drainHandler?.());
    secure.onClose((error) => this.#closed(error));
    socket.on("data", (bytes: Buffer) => secure.received(bytes, bytes.length, false));
    if (this.#isPaused) socket.pause();
  }

  /** The handshake failed: nobody will hear of this connection but as closed. */
  failed(error: Error): void {
    this.#error ??= error;
    this.#accepted.destroy();
  }

  peerCertificate(): Uint8Array | undefined {
    // A certificate that was only asked for is kept although nobody vouches for it; such a
    // connection is closed before it is read, and the test here keeps it so.
    return this.#socket?.authorized === true
      ? this.#socket.getPeerX509Certificate()?.raw
      : undefined;
  }

  onData(handler: (bytes: Buffer) => void): void {
    this.#dataHandler = handler;
  }

  receiveInto(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  onClose(handler: (error: Error | undefined) => void): void {
    this.#closeHandler = handler;
  }

  onDrain(handler: () => void): void {
    this.#drainHandler = handler;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#accepted.destroyed) return true;
    assert(this.#secure !== undefined, "a TLS connection was written to before its handshake");
    return this.#secure.write(chunks);
  }

  queuedBytes(): number {
    return this.#secure?.queuedBytes() ?? 0;
  }

  pause(): void {
    this.#isPaused = true;
    this.#secure?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#secure?.resume();
    const begin = this.#beginHandshake;
    this.#beginHandshake = undefined;
    begin?.();
  }

  end(): void {
    if (this.#secure === undefined) this.#accepted.destroy();
    else this.#secure.end();
  }

  destroy(): void {
    if (this.#secure === undefined) this.#accepted.destroy();
    else this.#secure.destroy();
  }

  #closed(error: Error | undefined): void {
    const handler = this.#closeHandler;
    this.#closeHandler = undefined;
    handler?.(error);
  }
}
