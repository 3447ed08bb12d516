import { drainMicrotasks } from "../node/drain-microtasks.ts";

/** An event. Events of one moment run in the order they were made. */
export interface SimEvent {
  readonly atMs: number;
  readonly sequence: number;
  /** Undefined once it is cancelled. */
  action: (() => void) | undefined;
}

/**
 * Everything that is going to happen in a simulation, in order. Time is what the last event said;
 * it moves only when a test runs events.
 */
export class EventHeap {
  #nowMs = 0;
  #sequence = 0;
  readonly #heap: SimEvent[] = [];

  /** Milliseconds since the start. */
  nowMs(): number {
    return this.#nowMs;
  }

  /** Plans an event. */
  schedule(atMs: number, action: () => void): SimEvent {
    const event: SimEvent = { atMs: Math.max(atMs, this.#nowMs), sequence: this.#sequence, action };
    this.#sequence += 1;
    this.#push(event);
    return event;
  }

  /** When the next event is due; undefined when there is none. */
  nextEventMs(): number | undefined {
    while (this.#heap.length > 0 && this.#heap[0]?.action === undefined) this.#pop();
    return this.#heap[0]?.atMs;
  }

  /** Moves time by `durationMs` and runs what falls due, each event with what follows from it. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    await drainMicrotasks();
    for (let nextMs = this.nextEventMs(); nextMs !== undefined && nextMs <= endMs; ) {
      await this.step();
      nextMs = this.nextEventMs();
    }
    this.#nowMs = endMs;
  }

  /**
   * Runs events, moving time to each, until `isDone` says so.
   * @returns false when no event is left, or the next one lies beyond `limitMs` from now.
   */
  async runUntil(isDone: () => boolean, limitMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const endMs = this.#nowMs + limitMs;
    await drainMicrotasks();
    while (!isDone()) {
      const nextMs = this.nextEventMs();
      if (nextMs === undefined || nextMs > endMs) return false;
      await this.step();
    }
    return true;
  }

  /** Runs the next event and what follows from it without waiting; false when there is none. */
  async step(): Promise<boolean> {
    if (this.nextEventMs() === undefined) return false;
    const event = this.#pop();
    if (event === undefined) return false;
    this.#nowMs = event.atMs;
    event.action?.();
    await drainMicrotasks();
    return true;
  }

  #push(event: SimEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || isBefore(parent, event)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  #pop(): SimEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      const right = heap[childIndex + 1];
      if (child !== undefined && right !== undefined && isBefore(right, child)) {
        childIndex += 1;
        child = right;
      }
      if (child === undefined || isBefore(last, child)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(left: SimEvent, right: SimEvent): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence);
}
