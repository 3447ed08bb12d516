/**
 * Bounds memory over all connections: what unfinished frames take beyond the small buffer that
 * every connection may hold, and what requests take that are handled. When the bound is reached,
 * owners wait, but for one that may pass it until it is finished: so that what was begun also ends,
 * and the bound is passed by one owner at most.
 */
export class MemoryBound {
  readonly #bytesMax: number;
  #usedBytes = 0;
  #privileged: object | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: { readonly bytesMax: number }) {
    this.#bytesMax = options.bytesMax;
  }

  /** Bytes taken now. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Owners that wait for memory. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Whether `owner` may take that many bytes more. */
  mayTake(bytes: number, owner: object): boolean {
    if (this.#usedBytes + bytes <= this.#bytesMax) return true;
    this.#privileged ??= owner;
    return this.#privileged === owner;
  }

  /** Notes that memory was taken, or given back by a negative number. */
  charge(bytes: number): void {
    this.#usedBytes += bytes;
    if (bytes < 0) this.#wake();
  }

  /** The owner is done, or its connection gone: it has no privilege any more. */
  finished(owner: object): void {
    if (this.#privileged !== owner) return;
    this.#privileged = undefined;
    this.#wake();
  }

  /** Calls `retry` once there may be memory again. */
  whenFree(retry: () => void): void {
    this.#waiting.push(retry);
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    // Not in the middle of what freed the memory: an owner may want to take it at once.
    queueMicrotask(() => {
      for (const retry of waiting) retry();
    });
  }
}
