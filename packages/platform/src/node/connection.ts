import type { Socket } from "node:net";
import { assert } from "../assert.ts";
import type { Connection, Receiver } from "../network.ts";
import { copyTo } from "../receive.ts";
import type { ReadTarget } from "./socket-reader.ts";

/** A TCP connection of the system. */
export class NodeConnection implements Connection, ReadTarget {
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly #socket: Socket;
  #receiver: Receiver | undefined;
  #dataHandler: ((bytes: Buffer) => void) | undefined;
  #drainHandler: (() => void) | undefined;
  #error: Error | undefined;
  readonly #onWritten = (error?: Error | null): void => {
    if (error) return;
    if (this.#socket.writableLength === 0) this.#drainHandler?.();
  };

  constructor(socket: Socket, remote: { readonly host: string; readonly port: number }) {
    this.#socket = socket;
    this.remoteHost = remote.host;
    this.remotePort = remote.port;
    socket.on("error", (error) => {
      this.#error = error;
    });
  }

  peerCertificate(): undefined {
    return undefined;
  }

  onData(handler: (bytes: Buffer) => void): void {
    this.#dataHandler = handler;
  }

  receiveInto(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  onClose(handler: (error: Error | undefined) => void): void {
    this.#socket.once("close", () => {
      handler(this.#error);
    });
  }

  onDrain(handler: () => void): void {
    this.#drainHandler = handler;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    const lastIndex = chunks.length - 1;
    // After a close, bytes go nowhere: the close handler has told the owner, or is about to.
    if (socket.destroyed || !socket.writable || lastIndex < 0) return true;
    let hasRoom = true;
    if (lastIndex > 0) socket.cork();
    for (let index = 0; index <= lastIndex; index += 1) {
      const chunk = chunks[index];
      assert(chunk !== undefined, "a list of chunks has holes");
      hasRoom = socket.write(chunk, index === lastIndex ? this.#onWritten : undefined);
    }
    if (lastIndex > 0) socket.uncork();
    return hasRoom;
  }

  queuedBytes(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  bufferForRead(shared: Uint8Array): Uint8Array {
    return this.#receiver?.nextBuffer() ?? shared;
  }

  received(buffer: Uint8Array, sizeBytes: number, isReceivers: boolean): void {
    const receiver = this.#receiver;
    if (receiver === undefined) {
      // The shared buffer is read into again at once, so the receiver gets a copy of its own.
      this.#dataHandler?.(Buffer.from(buffer.subarray(0, sizeBytes)));
    } else if (isReceivers) {
      receiver.received(sizeBytes);
    } else {
      copyTo(receiver, buffer.subarray(0, sizeBytes));
    }
  }
}
