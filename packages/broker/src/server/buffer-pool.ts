/** The smallest and the largest buffer that is kept, as powers of two: 64 KiB and 8 MiB. */
const smallestClass = 16;
const largestClass = 23;

/**
 * Lends buffers and keeps those that come back, so that a large frame does not fault in fresh
 * memory each time (DESIGN §6: buffers are pooled). What it keeps is bounded by `heldBytesMax`.
 */
export class BufferPool {
  readonly #heldBytesMax: number;
  readonly #free: Buffer[][] = [];
  #heldBytes = 0;

  constructor(options: { readonly heldBytesMax: number }) {
    this.#heldBytesMax = options.heldBytesMax;
    for (let sizeClass = smallestClass; sizeClass <= largestClass; sizeClass += 1) {
      this.#free.push([]);
    }
  }

  /** Whether `take` would give a buffer that was used before. */
  has(sizeBytes: number): boolean {
    return (this.#free[classIndexOf(sizeBytes)]?.length ?? 0) > 0;
  }

  /** A buffer of at least `sizeBytes` with arbitrary content; the whole backing buffer is given. */
  take(sizeBytes: number): Buffer {
    const index = classIndexOf(sizeBytes);
    const free = this.#free[index];
    // A frame above the largest class is rare and short-lived: it is not worth keeping.
    if (free === undefined) return Buffer.allocUnsafeSlow(sizeBytes);
    const buffer = free.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(2 ** (index + smallestClass));
    this.#heldBytes -= buffer.length;
    return buffer;
  }

  /** Takes a buffer back. The giver must hold no view of it any more. */
  give(buffer: Buffer): void {
    const index = classIndexOf(buffer.length);
    const free = this.#free[index];
    if (free === undefined || buffer.length !== 2 ** (index + smallestClass)) return;
    if (this.#heldBytes + buffer.length > this.#heldBytesMax) return;
    this.#heldBytes += buffer.length;
    free.push(buffer);
  }

  /** Bytes kept for later. */
  heldBytes(): number {
    return this.#heldBytes;
  }
}

function classIndexOf(sizeBytes: number): number {
  if (sizeBytes <= 2 ** smallestClass) return 0;
  return 32 - Math.clz32(sizeBytes - 1) - smallestClass;
}
