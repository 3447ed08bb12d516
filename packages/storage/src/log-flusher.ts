/** What a flusher needs of its log. */
export interface FlushTarget {
  readonly logEndOffset: number;
  /** Makes everything that is in the page cache now durable. @throws IoError */
  syncFiles(): Promise<void>;
  /** The disk failed: nothing of this log directory can be trusted to become durable. */
  fail(error: unknown): void;
  /** Runs an action once this turn's appends are in. */
  afterThisTurn(action: () => void): void;
}

interface Waiter {
  readonly upToOffset: number;
  readonly resolve: (durableOffset: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit for one log: at most one sync is under way, and all who ask meanwhile share the
 * next. A sync that fails is never tried again, since the kernel may have dropped the pages.
 */
export class LogFlusher {
  readonly #log: FlushTarget;
  #durableOffset: number;
  #waiters: Waiter[] = [];
  #isRunning = false;
  /** Counts truncations: a sync that began before one says nothing about what came after. */
  #truncations = 0;

  constructor(log: FlushTarget, durableOffset: number) {
    this.#log = log;
    this.#durableOffset = durableOffset;
  }

  /** Exclusive end of what is on the disk for sure. */
  get durableOffset(): number {
    return this.#durableOffset;
  }

  /** Waits until everything before an offset is durable; gives what is durable then. */
  flush(upToOffset: number): Promise<number> {
    if (upToOffset <= this.#durableOffset) return Promise.resolve(this.#durableOffset);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ upToOffset, resolve, reject });
      if (this.#isRunning) return;
      this.#isRunning = true;
      this.#log.afterThisTurn(() => void this.#run());
    });
  }

  /** The log ends here now. */
  truncateTo(offset: number): void {
    this.#truncations += 1;
    this.#durableOffset = Math.min(this.#durableOffset, offset);
  }

  /** Begins again at an offset. */
  restartAt(offset: number): void {
    this.#truncations += 1;
    this.#durableOffset = offset;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiters.length > 0) {
        const target = this.#log.logEndOffset;
        const truncations = this.#truncations;
        await this.#log.syncFiles();
        if (truncations === this.#truncations) {
          this.#durableOffset = Math.max(this.#durableOffset, target);
        }
        this.#answer();
      }
      this.#isRunning = false;
    } catch (error) {
      this.#isRunning = false;
      this.#log.fail(error);
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const waiter of waiters) waiter.reject(error);
    }
  }

  /** Answers who waited for less than is durable, or for what a truncation took away. */
  #answer(): void {
    const durable = this.#durableOffset;
    const end = this.#log.logEndOffset;
    const waiters = this.#waiters;
    this.#waiters = waiters.filter(({ upToOffset }) => upToOffset > durable && upToOffset <= end);
    for (const waiter of waiters) {
      if (waiter.upToOffset <= durable || waiter.upToOffset > end) waiter.resolve(durable);
    }
  }
}
