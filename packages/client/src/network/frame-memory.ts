/** Below this, memory comes from the runtime's own allocator: it is as fast. */
const pooledSizeBytesMin = 64 * 1024;
/**
 * Sizes are multiples of this. Powers of two would double what a fetch of a megabyte and its
 * header takes, and the collector counts what was allocated.
 */
const stepSizeBytes = 64 * 1024;
/** What is kept for next frames, in all. */
const keptSizeBytesMax = 64 * 1024 * 1024;

/**
 * Memory for large frames, used again once it is given back. Fresh memory of a megabyte costs page
 * faults for every page, which a fetch of the size before has paid already.
 */
export class FrameMemory {
  /** Free buffers by size. */
  readonly #free = new Map<number, Buffer[]>();
  #keptSizeBytes = 0;

  /** Gives memory of at least `sizeBytes`. */
  take(sizeBytes: number): Buffer {
    if (sizeBytes < pooledSizeBytesMin) return Buffer.allocUnsafe(sizeBytes);
    const classSizeBytes = Math.ceil(sizeBytes / stepSizeBytes) * stepSizeBytes;
    const kept = this.#free.get(classSizeBytes)?.pop();
    if (kept === undefined) return Buffer.allocUnsafeSlow(classSizeBytes);
    this.#keptSizeBytes -= classSizeBytes;
    return kept;
  }

  /** Takes memory back that `take` gave; nobody may read it any more. */
  giveBack(buffer: Buffer): void {
    const sizeBytes = buffer.length;
    const isPooled = sizeBytes >= pooledSizeBytesMin && buffer.byteOffset === 0;
    if (!isPooled || this.#keptSizeBytes + sizeBytes > keptSizeBytesMax) return;
    const free = this.#free.get(sizeBytes);
    if (free === undefined) this.#free.set(sizeBytes, [buffer]);
    else free.push(buffer);
    this.#keptSizeBytes += sizeBytes;
  }
}
