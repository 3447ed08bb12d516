/** Somebody who waits for a partition to move on; woken at most once per turn of the loop. */
export interface Waiter {
  wake(): void;
}

/** Those who wait for one partition's readable end to move. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  add(waiter: Waiter): void {
    this.#waiting.add(waiter);
  }

  remove(waiter: Waiter): void {
    this.#waiting.delete(waiter);
  }

  /** Wakes everybody; who has what it wanted removes itself. */
  wakeAll(): void {
    for (const waiter of this.#waiting) waiter.wake();
  }
}
