import type { Clock } from "@millrace/platform";

/** Below this a wait costs more than it gives: the records of these milliseconds go together. */
const leastWaitMs = 5;

/** Keeps to so many records a second. */
export class Pace {
  readonly #clock: Clock;
  readonly #msPerRecord: number;
  #nextAtMs: number;

  constructor(clock: Clock, recordsPerSecond: number) {
    this.#clock = clock;
    this.#msPerRecord = 1000 / Math.max(1, recordsPerSecond);
    this.#nextAtMs = clock.monotonicMs();
  }

  /** Waits until the next record may go, or the signal ends the wait; undefined when at once. */
  next(signal: AbortSignal): Promise<void> | undefined {
    const nowMs = this.#clock.monotonicMs();
    // What was missed is not made up for: a stall is no reason for a burst.
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs - leastWaitMs) + this.#msPerRecord;
    const waitMs = this.#nextAtMs - nowMs;
    return waitMs < leastWaitMs ? undefined : this.#wait(waitMs, signal);
  }

  #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        timer.cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = this.#clock.setTimer(waitMs, end);
      signal.addEventListener("abort", end, { once: true });
    });
  }
}
