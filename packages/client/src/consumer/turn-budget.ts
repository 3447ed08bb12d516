import type { Clock } from "@millrace/platform";

/** Records between two looks at the clock. */
const CALLS_PER_LOOK = 32;
/** A loop over buffered records lets others work after so long. */
const TURN_MS_MAX = 10;

/**
 * Lets a loop over what is in memory give way: promises that are resolved already never let timers
 * and sockets have their turn, and heartbeats would wait until the buffer is empty.
 */
export class TurnBudget {
  readonly #clock: Clock;
  #calls = CALLS_PER_LOOK;
  #beganAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call; true when the loop has had its turn. */
  isOver(): boolean {
    this.#calls -= 1;
    if (this.#calls > 0) return false;
    this.#calls = CALLS_PER_LOOK;
    return this.#clock.monotonicMs() - this.#beganAtMs > TURN_MS_MAX;
  }

  /** Resolves when others had theirs. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setImmediate(() => {
        this.renew();
        resolve();
      });
    });
  }

  /** Begins a turn: after a wait for something else. */
  renew(): void {
    this.#beganAtMs = this.#clock.monotonicMs();
  }
}
