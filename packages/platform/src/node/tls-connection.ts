import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { assert } from "../assert.ts";
import type { Connection, Receiver } from "../network.ts";
import { NodeConnection } from "./connection.ts";
import { HeldReads } from "./held-reads.ts";
import { peerAddress } from "./peer-address.ts";
import { SlicedWriter } from "./sliced-writer.ts";
import { giveReader, SocketReader, type SocketReaderOptions } from "./socket-reader.ts";

/**
 * An accepted connection that is encrypted: known from the moment it is accepted, so that it can be
 * counted and closed, and readable once the handshake is done.
 */
export class NodeTlsConnection implements Connection {
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly #accepted: Socket;
  #beginHandshake: (() => void) | undefined;
  readonly #reading: SocketReaderOptions;
  #secure: NodeConnection | undefined;
  #reads: HeldReads | undefined;
  #writer: SlicedWriter | undefined;
  #socket: TLSSocket | undefined;
  #dataHandler: ((bytes: Buffer) => void) | undefined;
  #receiver: Receiver | undefined;
  #drainHandler: (() => void) | undefined;
  #closeHandler: ((error: Error | undefined) => void) | undefined;
  #isPaused = true;
  #error: Error | undefined;

  /** @param beginHandshake called by the first `resume`: who is only held costs no handshake. */
  constructor(accepted: Socket, reading: SocketReaderOptions, beginHandshake: () => void) {
    this.#accepted = accepted;
    this.#reading = reading;
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
    secure.onClose((error) => this.#closed(error));
    this.#writer = new SlicedWriter(socket, () => this.#drainHandler?.());
    this.#read(socket, secure);
  }

  #read(socket: TLSSocket, secure: NodeConnection): void {
    const reads = new HeldReads(secure);
    this.#reads = reads;
    const reader = new SocketReader(this.#reading);
    reader.connection = reads;
    if (!giveReader(socket, reader)) {
      socket.on("data", (bytes: Buffer) => reads.received(bytes, bytes.length, false));
    }
    if (this.#isPaused) {
      reads.pause();
      socket.pause();
    } else {
      socket.resume();
    }
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
    assert(this.#writer !== undefined, "a TLS connection was written to before its handshake");
    return this.#writer.write(chunks);
  }

  queuedBytes(): number {
    return this.#writer?.queuedBytes() ?? 0;
  }

  pause(): void {
    this.#isPaused = true;
    this.#reads?.pause();
    this.#secure?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#reads?.resume();
    // What was held may have made its receiver pause again.
    if (!this.#isPaused) this.#secure?.resume();
    const begin = this.#beginHandshake;
    this.#beginHandshake = undefined;
    begin?.();
  }

  end(): void {
    if (this.#writer === undefined) this.#accepted.destroy();
    else this.#writer.end();
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
