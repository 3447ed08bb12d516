/** A buffer lent by a pool. */
export interface PooledBuffer {
  readonly buffer: Buffer;
  /** Gives it back; its content is not to be used afterwards. Calling it again has no effect. */
  release(): void;
}

/** Buffers are made in multiples of this, so that those of similar sizes serve each other. */
export const poolUnitBytes = 64 * 1024;

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
    const units = Math.max(1, Math.ceil(sizeBytes / poolUnitBytes));
    const buffer = this.#idle.get(units)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(units * poolUnitBytes);
    this.#idleBytes -= buffer.length;
    return buffer;
  }

  /** Takes back what `takeRaw` gave; the caller must not give it twice. */
  giveRaw(buffer: Buffer): void {
    if (this.#idleBytes + buffer.length > this.#idleBytesMax) return;
    const units = buffer.length / poolUnitBytes;
    const list = this.#idle.get(units);
    if (list === undefined) this.#idle.set(units, [buffer]);
    else list.push(buffer);
    this.#idleBytes += buffer.length;
  }
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
