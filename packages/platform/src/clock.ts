/**
 * Gives time and timers. The only source of either: production code takes a Clock, a test advances
 * a simulated one, and nothing sleeps.
 */
export interface Clock {
  /** Milliseconds since the epoch; may jump. For record timestamps and retention. */
  nowMs(): number;
  /** Milliseconds since some start, with a fraction; never goes back. For waits and latency. */
  monotonicMs(): number;
  /** Calls `action` once after `delayMs`, unless the timer is cancelled before. */
  setTimer(delayMs: number, action: () => void): Timer;
  /** Calls `action` after the input and output of this turn of the event loop. */
  setImmediate(action: () => void): void;
}

/** A running timer. */
export interface Timer {
  /** Prevents the action; without effect after it ran. */
  cancel(): void;
}
