import type { StateBatch } from "./state-batches.ts";
import type { SharePartitionKey } from "./share-partition-key.ts";

/** No offset: a share partition that nobody has begun to read, or one that has not changed. */
export const NO_OFFSET = -1;
/** No epoch was given: it is not checked. */
export const NO_EPOCH = -1;
/** How many records are done is not known before the start offset is. */
export const NO_COUNT = -1;

/** What is kept of a share partition. Never changed: applying a record makes a new one. */
export interface SharePartitionState {
  readonly key: SharePartitionKey;
  /** Grows with each snapshot. */
  readonly snapshotEpoch: number;
  /** The group's epoch when the state was last set anew: older writers are fenced. */
  readonly stateEpoch: number;
  /** As the last record has it. */
  readonly leaderEpoch: number;
  /** The highest that was ever written: leaders with an older one are fenced. */
  readonly leaderEpochMax: number;
  /** The first offset that is not done; -1 until somebody begins to read. */
  readonly startOffset: number;
  /** Records from the start offset on that are done; -1 for unknown. */
  readonly deliveryCompleteCount: number;
  /** Ascending, without overlaps, none below the start offset. */
  readonly stateBatches: readonly StateBatch[];
  readonly createTimestampMs: number;
  readonly writeTimestampMs: number;
  /** Changes written since the snapshot. */
  readonly updateCount: number;
  /** Where the snapshot lies in the log: what is before is not needed for this partition. */
  readonly snapshotOffset: number;
}
