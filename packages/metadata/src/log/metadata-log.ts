import type { ClusterImage } from "../image/cluster-image.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";

/**
 * The log of KRaft's metadata records that the cluster's state is made from. One writer at a time:
 * the controller, whose epoch is in every batch.
 */
export interface MetadataLog {
  /** The epoch under which this node controls. */
  readonly controllerEpoch: number;
  /** The offset that the next record will have. */
  readonly endOffset: number;
  /**
   * Appends records as one atomic step: all of them are replayed, or none. The offset is known at
   * once, the outcome later; several appends may be under way and share one sync.
   */
  append(records: readonly MetadataRecord[], timestampMs: number): PendingAppend;
  /**
   * Gives every committed record from an offset on, batch by batch. Control records and records of
   * transactions that were not ended are left out.
   */
  tail(fromOffset: number): AsyncIterable<CommittedRecords>;
  /** Writes a snapshot of an image and forgets what it makes superfluous. */
  writeSnapshot(image: ClusterImage): Promise<void>;
  close(): Promise<void>;
}

/** An append under way. */
export interface PendingAppend {
  /** The offset of the first record. */
  readonly baseOffset: number;
  /** The offset of the last record. */
  readonly lastOffset: number;
  readonly timestampMs: number;
  readonly sizeBytes: number;
  readonly outcome: Promise<AppendResult>;
}

/**
 * What became of an append. "fenced": another controller took over, nothing was written.
 * "unknown": it may or may not be there; the controller resigns and replays.
 */
export type AppendResult = "committed" | "fenced" | "unknown";

/** Records that belong together, as the log holds them. */
export interface CommittedRecords {
  readonly records: readonly MetadataRecord[];
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly timestampMs: number;
}
