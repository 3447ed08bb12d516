import type { ReadTarget } from "./socket-reader.ts";

/**
 * Keeps what a paused TLS connection still receives: Node decrypts all it has read from the kernel,
 * up to 64 KiB, whatever its reader said meanwhile.
 */
export class HeldReads implements ReadTarget {
  readonly #target: ReadTarget;
  #held: Buffer[] = [];
  #isPaused = false;
  #isDelivering = false;

  constructor(target: ReadTarget) {
    this.#target = target;
  }

  bufferForRead(shared: Uint8Array): Uint8Array {
    return this.#mustHold() ? shared : this.#target.bufferForRead(shared);
  }

  received(buffer: Uint8Array, sizeBytes: number, isReceivers: boolean): void {
    if (this.#mustHold()) this.#held.push(Buffer.from(buffer.subarray(0, sizeBytes)));
    else this.#target.received(buffer, sizeBytes, isReceivers);
  }

  /** Gives nothing to the target until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Gives what was held, until the target pauses again. */
  resume(): void {
    this.#isPaused = false;
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    while (!this.#isPaused) {
      const bytes = this.#held.shift();
      if (bytes === undefined) break;
      this.#target.received(bytes, bytes.length, false);
    }
    this.#isDelivering = false;
  }

  #mustHold(): boolean {
    return this.#isPaused || this.#held.length > 0;
  }
}
