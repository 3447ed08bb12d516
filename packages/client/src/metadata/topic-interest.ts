import type { Clock } from "@millrace/platform";

/**
 * Which topics are asked for again and again: those that somebody keeps, and those that were looked
 * at lately (`metadataMaxIdleMs`).
 */
export class TopicInterest {
  readonly #clock: Clock;
  readonly #maxIdleMs: number;
  readonly #keepers = new Map<string, number>();
  readonly #usedMs = new Map<string, number>();
  /** Looked at since the last question; a look must not cost a reading of the clock. */
  readonly #used = new Set<string>();
  #allKeepers = 0;

  constructor(clock: Clock, maxIdleMs: number) {
    this.#clock = clock;
    this.#maxIdleMs = maxIdleMs;
  }

  /** Whether somebody wants every topic. */
  get isAll(): boolean {
    return this.#allKeepers > 0;
  }

  /** Somebody looked at a topic. */
  use(name: string): void {
    this.#used.add(name);
  }

  /** Somebody wants topics until the given function is called. */
  keep(names: readonly string[]): () => void {
    const kept = [...new Set(names)];
    for (const name of kept) this.#keepers.set(name, (this.#keepers.get(name) ?? 0) + 1);
    return once(() => {
      for (const name of kept) this.#release(name);
    });
  }

  /** Somebody wants every topic until the given function is called. */
  keepAll(): () => void {
    this.#allKeepers += 1;
    return once(() => {
      this.#allKeepers -= 1;
    });
  }

  /** The topics to ask for. */
  names(): readonly string[] {
    this.#note();
    return [...new Set([...this.#keepers.keys(), ...this.#usedMs.keys()])];
  }

  /** Forgets the topics that nobody keeps or looked at for too long, and gives them. */
  forgetIdle(): readonly string[] {
    this.#note();
    const beforeMs = this.#clock.monotonicMs() - this.#maxIdleMs;
    const idle = [...this.#usedMs].filter(
      ([name, usedMs]) => usedMs < beforeMs && !this.#keepers.has(name),
    );
    for (const [name] of idle) this.#usedMs.delete(name);
    return idle.map(([name]) => name);
  }

  #note(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const name of this.#used) this.#usedMs.set(name, nowMs);
    this.#used.clear();
  }

  #release(name: string): void {
    const left = (this.#keepers.get(name) ?? 0) - 1;
    if (left > 0) this.#keepers.set(name, left);
    else this.#keepers.delete(name);
    // It stays fresh for a while: whoever released it may want it again soon.
    this.#used.add(name);
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
