/** A buffer lent by a pool. */
export interface PooledBuffer {
  readonly buffer: Buffer;
  /** Gives it back; its content is not to be used afterwards. Calling it again has no effect. */
  release(): void;
}

/** Larger buffers are multiples of this, so that those of similar sizes serve each other. */
export const poolUnitBytes = 64 * 1024;
/** Smaller ones are powers of two from here on. */
const smallestBytes = 4096;

/**
 * Lends buffers of any size and keeps those that come back, up to a limit. Allocating outside the
 * heap provokes full collections, whose price is the whole live heap.
 */
export class BufferPool {
  readonly #idleBytesMax: number;
  readonly #idle = new Map<number, Buffer[]>();
  #idleBytes = 0;

  constructor(options: { readonly idleBytesMax: number }) {
    this.#idleBytesMax = options.idleBytesMax;
  }

  /** Bytes that wait to be lent. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** Lends a buffer of at least `sizeBytes`; its content is left over from before. */
  take(sizeBytes: number): PooledBuffer {
    return new Lent(this, this.takeRaw(sizeBytes));
  }

  /** As `take`, for an owner that counts for itself: gives the buffer without a guard. */
  takeRaw(sizeBytes: number): Buffer {
    const roundedBytes = roundUp(sizeBytes);
    const buffer = this.#idle.get(roundedBytes)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(roundedBytes);
    this.#idleBytes -= buffer.length;
    return buffer;
  }

  /** Takes back what `takeRaw` gave; the caller must not give it twice. */
  giveRaw(buffer: Buffer): void {
    if (this.#idleBytes + buffer.length > this.#idleBytesMax) return;
    const list = this.#idle.get(buffer.length);
    if (list === undefined) this.#idle.set(buffer.length, [buffer]);
    else list.push(buffer);
    this.#idleBytes += buffer.length;
  }
}

function roundUp(sizeBytes: number): number {
  if (sizeBytes > poolUnitBytes / 2) return Math.ceil(sizeBytes / poolUnitBytes) * poolUnitBytes;
  let roundedBytes = smallestBytes;
  while (roundedBytes < sizeBytes) roundedBytes *= 2;
  return roundedBytes;
}

class Lent implements PooledBuffer {
  readonly buffer: Buffer;
  #pool: BufferPool | undefined;

  constructor(pool: BufferPool, buffer: Buffer) {
    this.#pool = pool;
    this.buffer = buffer;
  }

  release(): void {
    const pool = this.#pool;
    if (pool === undefined) return;
    this.#pool = undefined;
    pool.giveRaw(this.buffer);
  }
}
