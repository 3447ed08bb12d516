import type { Clock, Timer } from "../clock.ts";
import { EventHeap } from "./event-heap.ts";

/** 2026-01-01T00:00:00Z: a plausible date, the same in every run. */
const startMsDefault = 1_767_225_600_000;

/**
 * A machine's clock in a simulation: moves only when a test says so. Each timer, and each answer
 * of the simulated disk, is an event of the simulation's heap and dies with the machine's life.
 */
export class SimClock implements Clock {
  /** What wall-clock time shows at monotonic time 0; a test changes it to make the clock jump. */
  wallStartMs = startMsDefault;
  readonly #events: EventHeap;
  #life = 0;

  constructor(events: EventHeap = new EventHeap()) {
    this.#events = events;
  }

  nowMs(): number {
    return Math.floor(this.wallStartMs + this.#events.nowMs());
  }

  monotonicMs(): number {
    return this.#events.nowMs();
  }

  setTimer(delayMs: number, action: () => void): Timer {
    const life = this.#life;
    const event = this.#events.schedule(this.#events.nowMs() + delayMs, () => {
      if (life === this.#life) action();
    });
    return {
      cancel: () => {
        event.action = undefined;
      },
    };
  }

  setImmediate(action: () => void): void {
    this.setTimer(0, action);
  }

  /** Moves time by `durationMs` and runs what falls due, each event with what follows from it. */
  advance(durationMs: number): Promise<void> {
    return this.#events.advance(durationMs);
  }

  /**
   * Runs events, moving time to each, until `isDone` says so.
   * @returns false when no event is left, or the next one lies beyond `limitMs` from now.
   */
  runUntil(isDone: () => boolean, limitMs?: number): Promise<boolean> {
    return this.#events.runUntil(isDone, limitMs);
  }

  /** Ends the machine's life: its timers never run. */
  endLife(): void {
    this.#life += 1;
  }
}
