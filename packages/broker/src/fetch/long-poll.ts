import type { Deadline, Deadlines } from "../replication/deadlines.ts";
import type { Partition } from "../replication/partition.ts";
import type { Waiter } from "../replication/waiters.ts";

import type { PartitionRead } from "./read-partitions.ts";

/** What a long poll waits for. */
export interface LongPollOptions {
  readonly reads: readonly PartitionRead[];
  /** Bytes that a first read found to be there. */
  readonly availableBytes: number;
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly deadlines: Deadlines;
}

interface Watched {
  readonly partition: Partition;
  readonly leaderEpoch: number;
  /** The log's size when the wait began. */
  readonly sizeBytes: number;
  /** The readable end when the wait began. */
  readonly endOffset: number;
}

/**
 * Waits until the partitions of a Fetch have gained enough bytes, one of them changed hands, or the
 * time is up. Woken by the partitions' high watermarks, never by polling; several appends of one
 * turn cost one look.
 */
export class LongPoll implements Waiter {
  readonly #options: LongPollOptions;
  readonly #watched: Watched[] = [];
  readonly #deadline: Deadline;
  readonly #resolve: () => void;
  readonly done: Promise<void>;
  #isChecking = false;
  #isDone = false;

  constructor(options: LongPollOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.done = promise;
    this.#resolve = () => resolve(undefined);
    for (const { target } of options.reads) {
      if (typeof target === "string") continue;
      target.readers.add(this);
      this.#watched.push({
        partition: target,
        leaderEpoch: target.leaderEpoch,
        sizeBytes: target.log.sizeBytes,
        endOffset: target.log.highWatermark,
      });
    }
    this.#deadline = options.deadlines.add(options.maxWaitMs, () => this.#finish());
  }

  wake(): void {
    if (this.#isChecking || this.#isDone) return;
    this.#isChecking = true;
    queueMicrotask(() => {
      this.#isChecking = false;
      if (!this.#isDone && this.#isSatisfied()) this.#finish();
    });
  }

  #isSatisfied(): boolean {
    let availableBytes = this.#options.availableBytes;
    for (const { partition, leaderEpoch, sizeBytes, endOffset } of this.#watched) {
      if (isOver(partition) || partition.leaderEpoch !== leaderEpoch) return true;
      if (partition.log.highWatermark > endOffset) {
        // What retention removed meanwhile must not hide what was appended.
        availableBytes += Math.max(1, partition.log.sizeBytes - sizeBytes);
      }
    }
    return availableBytes >= this.#options.minBytes;
  }

  #finish(): void {
    this.#isDone = true;
    this.#deadline.cancel();
    for (const { partition } of this.#watched) partition.readers.remove(this);
    this.#resolve();
  }
}

function isOver(partition: Partition): boolean {
  return partition.isDraining || !partition.isLeader || partition.log.isOffline;
}
