interface Parked {
  readonly offset: number;
  readonly release: () => void;
}

/**
 * Holds what may leave only when the log is committed up to an offset. Offsets are given in
 * ascending order, so that the queue is one list with a moving head.
 */
export class CommitQueue {
  #parked: Parked[] = [];
  #head = 0;

  /** How many wait. */
  get size(): number {
    return this.#parked.length - this.#head;
  }

  /** Calls `release` once the committed end is `offset` or beyond. */
  park(offset: number, release: () => void): void {
    this.#parked.push({ offset, release });
  }

  /** Releases all that waited for this much. */
  advance(committedEnd: number): void {
    for (;;) {
      const next = this.#parked[this.#head];
      if (next === undefined || next.offset > committedEnd) break;
      this.#head++;
      next.release();
    }
    // The head is cut off now and then, so that a busy shard neither shifts at every reply nor
    // grows.
    if (this.#head < 1024 && this.#head < this.#parked.length) return;
    this.#parked = this.#parked.slice(this.#head);
    this.#head = 0;
  }

  /** Forgets all that wait. */
  clear(): void {
    this.#parked = [];
    this.#head = 0;
  }
}
