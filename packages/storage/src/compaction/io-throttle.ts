import type { Clock } from "@millrace/platform";

/** A worker gives others a turn after so many bytes. */
const turnBytes = 4 * 1024 * 1024;
/** Shorter waits than this are saved up: timers are not that exact. */
const waitMsMin = 5;

/** Holds reads and writes of the cleaner to a rate: `log.cleaner.io.max.bytes.per.second`. */
export class IoThrottle {
  readonly #clock: Clock;
  readonly #bytesPerSecond: number;
  readonly #startMs: number;
  #spentBytes = 0;
  #turnBytes = 0;

  /** `bytesPerSecond` is infinite for no limit. */
  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
    this.#startMs = clock.monotonicMs();
  }

  /** Whether `rest` must be awaited before going on. */
  spend(bytes: number): boolean {
    this.#spentBytes += bytes;
    this.#turnBytes += bytes;
    return this.#turnBytes >= turnBytes || this.#aheadMs() >= waitMsMin;
  }

  /** Waits as long as the rate asks for, and at least until others had a turn. */
  async rest(): Promise<void> {
    this.#turnBytes = 0;
    const waitMs = this.#aheadMs();
    await new Promise<void>((resolve) => {
      if (waitMs >= waitMsMin) this.#clock.setTimer(waitMs, resolve);
      else this.#clock.setImmediate(resolve);
    });
  }

  #aheadMs(): number {
    const dueMs = (this.#spentBytes / this.#bytesPerSecond) * 1000;
    return dueMs - (this.#clock.monotonicMs() - this.#startMs);
  }
}
