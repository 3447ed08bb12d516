import type { TopicMetadata } from "../../metadata/metadata-cache.ts";
import type { StickyPartition } from "../partitioner/sticky-partition.ts";
import { PartitionQueue } from "./partition-queue.ts";
import { WaitingLine } from "./waiting-line.ts";

/** A topic that is produced to. */
export class TopicQueues {
  readonly name: string;
  /** What is known of it; undefined before the first look, and when it has gone. */
  metadata: TopicMetadata | undefined;
  /** Records that cannot go into a batch yet: all that come after them wait behind them. */
  readonly line = new WaitingLine();
  readonly sticky: StickyPartition;
  /** Compressed bytes per byte, as batches of late have shown; 1 to begin with. */
  compressionRatio = 1;
  /** A batch takes no more bytes: less than the option where the broker refused larger ones. */
  batchSize: number;
  /** When a record came last; monotonic. */
  lastUsedMs = 0;
  readonly #keep: () => () => void;
  #stopKeeping: (() => void) | undefined;
  readonly #partitions: (PartitionQueue | undefined)[] = [];

  constructor(options: {
    readonly name: string;
    readonly sticky: StickyPartition;
    readonly batchSize: number;
    /** Keeps its metadata fresh until the function that it gives is called. */
    readonly keep: () => () => void;
  }) {
    this.name = options.name;
    this.sticky = options.sticky;
    this.batchSize = options.batchSize;
    this.#keep = options.keep;
    this.#stopKeeping = options.keep();
  }

  /** Has its metadata kept fresh: it is produced to. */
  keep(): void {
    this.#stopKeeping ??= this.#keep();
  }

  /**
   * Nobody produces to it now: its metadata is not kept. Sequences are: a broker would take the
   * first records after a pause for doubles if they began at 0 again.
   */
  rest(): void {
    this.#stopKeeping?.();
    this.#stopKeeping = undefined;
    this.metadata = undefined;
  }

  /** The queue of a partition, made when it is asked for first. */
  partition(partition: number): PartitionQueue {
    return this.#partitions[partition] ?? this.#make(partition);
  }

  /** The queue of a partition if there is one. */
  existing(partition: number): PartitionQueue | undefined {
    return this.#partitions[partition];
  }

  /** The queues that were made. */
  queues(): readonly PartitionQueue[] {
    return this.#partitions.filter((queue) => queue !== undefined);
  }

  /** Whether batches wait or are under way. */
  get isBusy(): boolean {
    return this.line.length > 0 || this.queues().some((queue) => queue.isBusy);
  }

  #make(partition: number): PartitionQueue {
    const queue = new PartitionQueue(this.name, partition);
    const known = this.metadata?.partitions[partition];
    if (known !== undefined) {
      queue.leader = known.leader;
      queue.leaderEpoch = known.leaderEpoch;
    }
    while (this.#partitions.length <= partition) this.#partitions.push(undefined);
    this.#partitions[partition] = queue;
    return queue;
  }
}
