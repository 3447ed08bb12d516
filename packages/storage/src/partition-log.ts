import type { AppendOptions, AppendOutcome } from "./append-outcome.ts";
import type { LogConfig } from "./log-config.ts";
import type { ActiveProducer, EpochEndOffset, TimestampOffset } from "./log-offsets.ts";
import type { ReadIsolation, ReadOptions, ReadOutcome } from "./read-outcome.ts";

/**
 * One partition's log on disk. All offsets are exclusive at the end: `logEndOffset` is the next to
 * be written. Every method but those that give a promise has finished when it returns.
 */
export interface PartitionLog {
  readonly topic: string;
  readonly partition: number;
  /** The topic's id in Kafka's text form; undefined when the directory does not say. */
  readonly topicId: string | undefined;
  /** The directory that holds the files. */
  readonly path: string;
  /** A copy under construction in another log directory (AlterReplicaLogDirs). */
  readonly isFuture: boolean;
  readonly config: LogConfig;

  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** Exclusive end of what consumers may see; moved by whoever leads or follows. */
  readonly highWatermark: number;
  /** Exclusive end of what read_committed consumers may see. */
  readonly lastStableOffset: number;
  /** Exclusive end of what is on the disk for sure (Kafka's recovery point). */
  readonly durableOffset: number;
  /**
   * How far the high watermark of a one-replica topic may go: the log's end, or the first batch
   * that was appended with `awaitsSync` and is not yet covered by a flush.
   */
  readonly visibleEndOffset: number;
  /** The epoch of the newest batch; -1 in an empty log. */
  readonly latestLeaderEpoch: number;
  /** Bytes of all segments. */
  readonly sizeBytes: number;
  readonly segmentCount: number;
  /** The log directory failed, or the log was closed or deleted: appends and reads are refused. */
  readonly isOffline: boolean;

  /**
   * Checks batches, stamps offsets and epochs into their headers in place, and writes them to the
   * page cache. `bytes` is changed even when the append is refused half way.
   */
  append(bytes: Buffer, options: AppendOptions): AppendOutcome;
  /** Gives batches from an offset on: at once when they are in memory, else a promise. */
  read(options: ReadOptions): ReadOutcome | Promise<ReadOutcome>;
  /**
   * Makes everything appended so far (or up to `upToOffset`) durable; waiting calls share a sync.
   * @returns the offset that is durable now.
   * @throws IoError when the disk failed: the log directory is offline then, for good.
   */
  flush(upToOffset?: number): Promise<number>;
  /** Moves the high watermark forward, at most to the log's end; returns what it is now. */
  advanceHighWatermark(offset: number): number;
  /** Moves the log start offset (DeleteRecords, or a follower's leader did). False when it did not move. */
  truncatePrefix(offset: number): boolean;
  /** Removes everything from an offset on (a follower that diverged). Does not go below the log start. */
  truncateSuffix(offset: number): void;
  /** Removes everything and begins again at an offset. */
  truncateFullyAndStartAt(offset: number, logStartOffset?: number): void;
  /** Finds the first record at or after a timestamp; specials are in `timestampSpecials`. */
  offsetForTimestamp(timestampMs: number, isolation: ReadIsolation): Promise<TimestampOffset>;
  /** Where an epoch ended. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset;
  /** The epoch of the batch at an offset; undefined when it is not known. */
  leaderEpochForOffset(offset: number): number | undefined;
  /** Notes that this epoch starts at the log's end (a replica became leader). */
  beginLeaderEpoch(leaderEpoch: number): void;
  /** Applies changed topic configurations. */
  updateConfig(config: LogConfig): void;
  /** Writes the topic id into `partition.metadata`; no effect when it is there. */
  assignTopicId(topicId: string): void;
  /** Starts a new segment now. */
  roll(): void;
  /** Deletes segments by time, size and log start offset; returns how many. */
  applyRetention(): Promise<number>;
  /** The producers with state here. */
  activeProducers(): readonly ActiveProducer[];
  /** Forgets idle producers (`producer.id.expiration.ms`). */
  expireProducers(): void;
  /**
   * Opens a verification for a producer's transaction (KIP-890).
   * @returns a guard to append with, or 0 when the transaction is already open here.
   */
  startTransactionVerification(producerId: bigint, producerEpoch: number): number;
  /** Flushes, writes a producer snapshot and closes the files. */
  close(): Promise<void>;
}
