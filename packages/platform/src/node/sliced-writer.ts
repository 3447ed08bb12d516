import type { Socket } from "node:net";
import { assert } from "../assert.ts";

/**
 * What is encrypted at once. Node encrypts all of a write before it sends the first byte of it: the
 * peer would decrypt a large answer only after we had encrypted it, one core waiting for the other.
 */
const sliceBytes = 32 * 1024;

/** Writes to an encrypted socket in slices, each when the one before it is with the kernel. */
export class SlicedWriter {
  readonly #socket: Socket;
  readonly #onDrained: () => void;
  /** What has not been given to the socket; the first of it from `#position` on. */
  #waiting: Uint8Array[] = [];
  #position = 0;
  #waitingBytes = 0;
  #isWriting = false;
  #isEnding = false;
  readonly #onWritten = (error?: Error | null): void => {
    this.#isWriting = false;
    // The close of the socket tells its owner.
    if (error) {
      this.#waiting = [];
      this.#waitingBytes = 0;
      return;
    }
    if (this.#waitingBytes > 0) this.#writeSlice();
    else this.#onDrained();
  };

  /** `onDrained` is called each time all is with the kernel. */
  constructor(socket: Socket, onDrained: () => void) {
    this.#socket = socket;
    this.#onDrained = onDrained;
  }

  /**
   * Queues bytes, which must not be changed until they are sent; after a close they go nowhere.
   * @returns false when the caller should wait until all is with the kernel.
   */
  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#isEnding || this.#socket.destroyed || !this.#socket.writable) return true;
    for (const chunk of chunks) {
      if (chunk.length === 0) continue;
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
    }
    if (!this.#isWriting && this.#waitingBytes > 0) this.#writeSlice();
    return this.queuedBytes() < this.#socket.writableHighWaterMark;
  }

  /** Bytes that are not with the kernel. */
  queuedBytes(): number {
    return this.#waitingBytes + this.#socket.writableLength;
  }

  /** Closes the socket once all is written. */
  end(): void {
    this.#isEnding = true;
    if (this.#waitingBytes === 0) this.#socket.end();
  }

  #writeSlice(): void {
    const socket = this.#socket;
    const slice = this.#takeSlice();
    const last = slice.pop();
    assert(last !== undefined, "nothing is left to write");
    this.#isWriting = true;
    // Pieces that are written together are copied into one; a piece alone is encrypted as it lies.
    if (slice.length > 0) socket.cork();
    for (const piece of slice) socket.write(piece);
    socket.write(last, this.#onWritten);
    if (slice.length > 0) socket.uncork();
    if (this.#isEnding && this.#waitingBytes === 0) socket.end();
  }

  #takeSlice(): Uint8Array[] {
    const slice: Uint8Array[] = [];
    let leftBytes = sliceBytes;
    let index = 0;
    for (let chunk = this.#waiting[0]; chunk !== undefined && leftBytes > 0; ) {
      const endPosition = Math.min(chunk.length, this.#position + leftBytes);
      const piece = chunk.subarray(this.#position, endPosition);
      slice.push(piece);
      leftBytes -= piece.length;
      if (endPosition < chunk.length) {
        this.#position = endPosition;
        break;
      }
      this.#position = 0;
      index += 1;
      chunk = this.#waiting[index];
    }
    this.#waiting.splice(0, index);
    this.#waitingBytes -= sliceBytes - leftBytes;
    return slice;
  }
}
