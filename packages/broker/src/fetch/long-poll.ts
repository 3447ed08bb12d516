import type { Deadline, Deadlines } from "../replication/deadlines.ts";
import type { Partition } from "../replication/partition.ts";
import type { Waiter } from "../replication/waiters.ts";

import type { PartitionRead, PartitionReadResult } from "./read-partitions.ts";

/** What a long poll waits for. */
export interface LongPollOptions {
  readonly reads: readonly PartitionRead[];
  /** What a first read found: what moved since then has been missed otherwise. */
  readonly results: readonly PartitionReadResult[];
  /** Bytes that it found. */
  readonly availableBytes: number;
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly deadlines: Deadlines;
}

/**
 * Waits until the partitions of a Fetch have gained enough bytes, one of them changed hands, or the
 * time is up. Woken by the partitions' high watermarks, never by polling; several appends of one
 * turn cost one look, and a look concerns only the partitions that moved.
 */
export class LongPoll {
  readonly #options: LongPollOptions;
  readonly #watches: Watch[] = [];
  readonly #deadline: Deadline;
  readonly #resolve: () => void;
  readonly done: Promise<void>;
  #moved: Watch[] = [];
  #gainedBytes = 0;
  #isDone = false;

  constructor(options: LongPollOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.done = promise;
    this.#resolve = () => resolve(undefined);
    this.#deadline = options.deadlines.add(options.maxWaitMs, () => this.#finish());
    const onMove = (watch: Watch): void => this.#note(watch);
    for (const [index, { target }] of options.reads.entries()) {
      if (typeof target === "string") continue;
      const seenEndOffset = options.results[index]?.highWatermark ?? -1;
      this.#watches.push(new Watch(target, seenEndOffset, onMove));
    }
  }

  #note(watch: Watch): void {
    this.#moved.push(watch);
    if (this.#moved.length === 1) queueMicrotask(() => this.#look());
  }

  #look(): void {
    const moved = this.#moved;
    this.#moved = [];
    if (this.#isDone) return;
    let isOver = false;
    for (const watch of moved) {
      this.#gainedBytes += watch.takeGain();
      isOver ||= watch.isOver();
    }
    const { availableBytes, minBytes } = this.#options;
    if (isOver || availableBytes + this.#gainedBytes >= minBytes) this.#finish();
  }

  #finish(): void {
    this.#isDone = true;
    this.#deadline.cancel();
    for (const watch of this.#watches) watch.end();
    this.#resolve();
  }
}

/** One partition of a long poll. */
class Watch implements Waiter {
  readonly #partition: Partition;
  readonly #leaderEpoch: number;
  readonly #onMove: (watch: Watch) => void;
  /** The log's size and the readable end when they were last looked at. */
  #sizeBytes: number;
  #endOffset: number;
  #isNoted = false;

  constructor(partition: Partition, seenEndOffset: number, onMove: (watch: Watch) => void) {
    this.#partition = partition;
    this.#leaderEpoch = partition.leaderEpoch;
    this.#onMove = onMove;
    this.#sizeBytes = partition.log.sizeBytes;
    this.#endOffset = seenEndOffset;
    partition.readers.add(this);
    if (partition.log.highWatermark > seenEndOffset) this.wake();
  }

  wake(): void {
    if (this.#isNoted) return;
    this.#isNoted = true;
    this.#onMove(this);
  }

  /** Bytes that became readable since the last look. */
  takeGain(): number {
    this.#isNoted = false;
    const { sizeBytes, highWatermark } = this.#partition.log;
    if (highWatermark <= this.#endOffset) return 0;
    // What retention removed meanwhile must not hide what was appended.
    const gainedBytes = Math.max(1, sizeBytes - this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
    this.#endOffset = highWatermark;
    return gainedBytes;
  }

  /** Whether nobody shall wait for this partition any more. */
  isOver(): boolean {
    const partition = this.#partition;
    if (partition.isDraining || !partition.isLeader || partition.log.isOffline) return true;
    return partition.leaderEpoch !== this.#leaderEpoch;
  }

  end(): void {
    this.#partition.readers.remove(this);
  }
}
