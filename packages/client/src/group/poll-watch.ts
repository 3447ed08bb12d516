import type { Clock, Timer } from "@millrace/platform";

/** Notices that the application has asked for no records for too long. */
export class PollWatch {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #onExpired: () => void;
  #lastAtMs = 0;
  #timer: Timer | undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly intervalMs: number;
    readonly onExpired: () => void;
  }) {
    this.#clock = parts.clock;
    this.#intervalMs = parts.intervalMs;
    this.#onExpired = parts.onExpired;
  }

  /** The application asked. Cheap: no timer is touched. */
  note(): void {
    this.#lastAtMs = this.#clock.monotonicMs();
  }

  /** Begins to watch, counting from now. */
  start(): void {
    this.note();
    if (this.#timer === undefined) this.#arm(this.#intervalMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      const leftMs = this.#lastAtMs + this.#intervalMs - this.#clock.monotonicMs();
      if (leftMs > 0) this.#arm(leftMs);
      else this.#onExpired();
    });
  }
}
