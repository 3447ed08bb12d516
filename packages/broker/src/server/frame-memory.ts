/**
 * Bounds the memory of unfinished frames over all connections. Every connection may hold a small
 * buffer; what is larger is asked for here. When the bound is reached, readers wait, but for one
 * that may pass it until its frame is whole: so that frames that were begun are also finished, and
 * the bound is passed by one frame at most.
 */
export class FrameMemory {
  readonly #bytesMax: number;
  #usedBytes = 0;
  #privileged: object | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: { readonly bytesMax: number }) {
    this.#bytesMax = options.bytesMax;
  }

  /** Bytes of unfinished frames now. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Readers that wait for memory. */
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

  /** The owner's frame is whole, or its connection gone: it has no privilege any more. */
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
    // Not in the middle of what freed the memory: a reader may want to take it at once.
    queueMicrotask(() => {
      for (const retry of waiting) retry();
    });
  }
}
