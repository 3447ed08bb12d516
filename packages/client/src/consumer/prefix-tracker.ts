import { assert } from "@millrace/platform";
import type { AssignedPartition } from "./assigned-partition.ts";

/** A record that was taken and is to be handled. */
export interface TrackedRecord {
  readonly endOffset: number;
  readonly leaderEpoch: number;
  isDone: boolean;
}

/**
 * Knows which records of a partition are done, in whatever order they end, and moves its finished
 * offset over those that are done without a gap.
 */
export class PrefixTracker {
  readonly partition: AssignedPartition;
  /** The partition's moves when this began: after a seek it counts no more. */
  readonly moves: number;
  readonly #records: TrackedRecord[] = [];
  #first = 0;
  #open = 0;

  constructor(partition: AssignedPartition) {
    this.partition = partition;
    this.moves = partition.moves;
  }

  /** Whether the partition is still where this has begun. */
  get isCurrent(): boolean {
    return this.partition.isAssigned && this.partition.moves === this.moves;
  }

  /** Puts a record behind those before it. */
  add(offset: number): TrackedRecord {
    const leaderEpoch = this.partition.positionEpoch;
    const record = { endOffset: offset + 1, leaderEpoch, isDone: false };
    this.#records.push(record);
    this.#open += 1;
    if (this.isCurrent) this.partition.outstanding = this.#open;
    return record;
  }

  /** Takes note that a record is done. */
  done(record: TrackedRecord): void {
    assert(!record.isDone, "a record is done twice");
    record.isDone = true;
    this.#open -= 1;
    this.#advance();
  }

  /** Takes note that a record will not be handled: nothing behind it is finished. */
  discard(record: TrackedRecord): void {
    assert(!record.isDone, "a record that is done is discarded");
    this.#open -= 1;
    this.#advance();
  }

  #advance(): void {
    const records = this.#records;
    let last: TrackedRecord | undefined;
    for (let next = records[this.#first]; next?.isDone === true; next = records[this.#first]) {
      last = next;
      this.#first += 1;
    }
    if (this.#first > 1_000 && this.#first * 2 > records.length) {
      records.splice(0, this.#first);
      this.#first = 0;
    }
    if (!this.isCurrent) return;
    const { partition } = this;
    if (last !== undefined) {
      partition.finished = last.endOffset;
      partition.finishedEpoch = last.leaderEpoch;
    }
    partition.outstanding = this.#open;
    if (this.#open > 0) return;
    // Nothing is left out of the middle: behind what follows the last record (markers), too.
    if (this.#first === records.length) partition.finish();
    else partition.onQuiet?.();
  }
}
