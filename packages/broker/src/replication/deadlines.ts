import type { Clock, Timer } from "@millrace/platform";

/** A deadline that was set. */
export interface Deadline {
  /** Forgets it; without effect after it came. */
  cancel(): void;
}

interface Entry extends Deadline {
  readonly dueMs: number;
  action: (() => void) | undefined;
}

/** Cancelled entries are swept once they are this many and outnumber the live ones. */
const sweepThreshold = 1024;

/**
 * Calls actions when their time has come, from one timer for all of them: a binary heap by due
 * time. Cancelling costs nothing; what was cancelled is swept when it outnumbers what is live.
 */
export class Deadlines {
  readonly #clock: Clock;
  #heap: Entry[] = [];
  #cancelled = 0;
  #timer: Timer | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many deadlines are set and not cancelled. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Calls `action` once after `delayMs`, unless it is cancelled before. */
  add(delayMs: number, action: () => void): Deadline {
    const entry: Entry = {
      dueMs: this.#clock.monotonicMs() + delayMs,
      action,
      cancel: () => this.#cancel(entry),
    };
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    this.#arm();
    return entry;
  }

  /** Forgets all deadlines; their actions are not called. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    this.#heap = [];
    this.#cancelled = 0;
  }

  #cancel(entry: Entry): void {
    if (entry.action === undefined) return;
    entry.action = undefined;
    this.#cancelled += 1;
    if (this.#cancelled > sweepThreshold && this.#cancelled * 2 > this.#heap.length) this.#sweep();
  }

  #sweep(): void {
    this.#heap = this.#heap.filter((entry) => entry.action !== undefined);
    this.#heap.sort((left, right) => left.dueMs - right.dueMs);
    this.#cancelled = 0;
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined || first.dueMs >= this.#timerDueMs) return;
    this.#timer?.cancel();
    this.#timerDueMs = first.dueMs;
    const delayMs = Math.max(0, first.dueMs - this.#clock.monotonicMs());
    this.#timer = this.#clock.setTimer(delayMs, () => this.#fire());
  }

  #fire(): void {
    this.#timer = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonicMs();
    let first = this.#heap[0];
    while (first !== undefined && (first.action === undefined || first.dueMs <= nowMs)) {
      this.#removeFirst();
      const action = first.action;
      first.action = undefined;
      if (action === undefined) this.#cancelled -= 1;
      else action();
      first = this.#heap[0];
    }
    this.#arm();
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown();
  }

  #siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#dueAt(parent) <= this.#dueAt(index)) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  #siftDown(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (this.#dueAt(left) < this.#dueAt(least)) least = left;
      if (this.#dueAt(right) < this.#dueAt(least)) least = right;
      if (least === index) return;
      this.#swap(least, index);
      index = least;
    }
  }

  #dueAt(index: number): number {
    return this.#heap[index]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(left: number, right: number): void {
    const entry = this.#heap[left];
    const other = this.#heap[right];
    if (entry === undefined || other === undefined) return;
    this.#heap[left] = other;
    this.#heap[right] = entry;
  }
}
