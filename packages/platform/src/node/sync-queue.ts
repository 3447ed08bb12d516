/**
 * Bounds how many fsyncs wait in libuv's thread pool at once, so that cold reads always find a
 * thread. Those above the bound start in the order they came.
 */
export class SyncQueue {
  readonly #concurrencyMax: number;
  #runningCount = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(concurrencyMax: number) {
    this.#concurrencyMax = Math.max(1, concurrencyMax);
  }

  /** How many wait for their start. Bounded by the number of open files. */
  waitingCount(): number {
    return this.#waiting.length;
  }

  /** How many have started and not ended. */
  runningCount(): number {
    return this.#runningCount;
  }

  /** Calls `start` when there is room; `leave` must follow once it has ended. */
  enter(start: () => void): void {
    if (this.#runningCount < this.#concurrencyMax) {
      this.#runningCount += 1;
      start();
    } else {
      this.#waiting.push(start);
    }
  }

  /** Ends one that was started and starts the next. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#runningCount -= 1;
    else next();
  }
}
