import type { Clock, Timer } from "@millrace/platform";

interface Deadline<Input> {
  dueMs: number;
  input: Input;
  timer: Timer;
}

/**
 * The timers of a shard by key. Setting one again, as each heartbeat does, only moves its deadline:
 * the clock's timer is made anew when it fires early, not at every heartbeat.
 */
export class ShardTimers<Input> {
  readonly #clock: Clock;
  readonly #onDue: (input: Input) => void;
  readonly #deadlines = new Map<string, Deadline<Input>>();

  constructor(clock: Clock, onDue: (input: Input) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** How many timers run. */
  get count(): number {
    return this.#deadlines.size;
  }

  /** Sets a timer, in place of the one with this key. */
  set(key: string, delayMs: number, input: Input): void {
    const dueMs = this.#clock.monotonicMs() + delayMs;
    const known = this.#deadlines.get(key);
    if (known !== undefined && known.dueMs <= dueMs) {
      known.dueMs = dueMs;
      known.input = input;
      return;
    }
    known?.timer.cancel();
    const timer = this.#clock.setTimer(delayMs, () => this.#fire(key));
    this.#deadlines.set(key, { dueMs, input, timer });
  }

  /** Sets a timer unless there is one with this key. */
  setIfAbsent(key: string, delayMs: number, input: Input): void {
    if (!this.#deadlines.has(key)) this.set(key, delayMs, input);
  }

  /** Ends a timer; no effect when there is none. */
  cancel(key: string): void {
    this.#deadlines.get(key)?.timer.cancel();
    this.#deadlines.delete(key);
  }

  /** Ends all of them. */
  clear(): void {
    for (const { timer } of this.#deadlines.values()) timer.cancel();
    this.#deadlines.clear();
  }

  #fire(key: string): void {
    const deadline = this.#deadlines.get(key);
    if (deadline === undefined) return;
    const leftMs = deadline.dueMs - this.#clock.monotonicMs();
    if (leftMs > 0) {
      deadline.timer = this.#clock.setTimer(leftMs, () => this.#fire(key));
      return;
    }
    this.#deadlines.delete(key);
    this.#onDue(deadline.input);
  }
}
