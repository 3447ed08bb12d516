import { assert } from "@millrace/platform";

/** The smallest buffer: a batch of few records takes no more. */
export const BUFFER_SIZE_BYTES_MIN = 4096;

/**
 * The memory of a producer: it counts what batches hold against `limitBytes`, and keeps buffers
 * that came back for the next batch, since fresh memory costs a page fault for every 4 KiB. Sizes
 * are powers of two.
 */
export class BufferPool {
  readonly limitBytes: number;
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;
  #usedBytes = 0;

  /** @param limitBytes `buffer.memory` */
  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** Bytes that batches hold. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether a buffer for `sizeBytes` may be taken without passing the limit. */
  hasRoomFor(sizeBytes: number): boolean {
    return this.#usedBytes === 0 || this.#usedBytes + roundUp(sizeBytes) <= this.limitBytes;
  }

  /**
   * Takes a buffer of at least `sizeBytes`, whose content is whatever it was; limits are asked
   * before.
   */
  take(sizeBytes: number): Buffer {
    const size = roundUp(sizeBytes);
    this.#usedBytes += size;
    const buffer = this.#free.get(size)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
    this.#freeBytes -= size;
    return buffer;
  }

  /** Takes a buffer back for the next batch: nobody may read or write it any more. */
  giveBack(buffer: Buffer): void {
    this.#uncount(buffer.length);
    // A quarter of the limit is enough for a steady load, and an idle producer keeps no more.
    if (this.#freeBytes + buffer.length > this.limitBytes / 4) return;
    const free = this.#free.get(buffer.length);
    if (free === undefined) this.#free.set(buffer.length, [buffer]);
    else free.push(buffer);
    this.#freeBytes += buffer.length;
  }

  /**
   * Takes a buffer back that a connection may still be reading from: it is left to be collected.
   */
  abandon(buffer: Buffer): void {
    this.#uncount(buffer.length);
  }

  #uncount(sizeBytes: number): void {
    this.#usedBytes -= sizeBytes;
    assert(this.#usedBytes >= 0, "a producer gave back more memory than it took");
  }
}

/** The size of the buffer that `take` gives. */
function roundUp(sizeBytes: number): number {
  if (sizeBytes <= BUFFER_SIZE_BYTES_MIN) return BUFFER_SIZE_BYTES_MIN;
  return 2 ** (32 - Math.clz32(sizeBytes - 1));
}
