import type { Clock } from "@millrace/platform";

/** A moment by which a call has to be done, on the monotonic clock. */
export class Deadline {
  readonly #clock: Clock;
  readonly #atMs: number;
  readonly timeoutMs: number;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.timeoutMs = timeoutMs;
    this.#atMs = clock.monotonicMs() + timeoutMs;
  }

  /** Milliseconds that are left, 0 when none are. */
  remainingMs(): number {
    return Math.max(0, this.#atMs - this.#clock.monotonicMs());
  }

  hasPassed(): boolean {
    return this.remainingMs() <= 0;
  }
}
