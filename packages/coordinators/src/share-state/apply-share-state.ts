import type { RecordOrigin } from "../runtime/index.ts";
import { sharePartitionName } from "./share-partition-key.ts";
import { NO_EPOCH, NO_OFFSET, type SharePartitionState } from "./share-partition-state.ts";
import type {
  ShareSnapshotRecord,
  ShareStateRecord,
  ShareUpdateRecord,
} from "./share-state-records.ts";
import type { ShareState } from "./share-state-types.ts";
import { combineStateBatches } from "./state-batches.ts";

/** Brings about a record. */
export function applyShareState(
  state: ShareState,
  record: ShareStateRecord,
  origin: RecordOrigin,
): void {
  const name = sharePartitionName(record);
  const known = state.partitions.get(name);
  state.lastOffset = origin.offset;
  const next =
    record.kind === "share-snapshot"
      ? fromSnapshot(known, record, origin)
      : fromUpdate(known, record, origin);
  if (next === undefined) state.partitions.delete(name);
  else state.partitions.set(name, next);
}

function fromSnapshot(
  known: SharePartitionState | undefined,
  record: ShareSnapshotRecord,
  origin: RecordOrigin,
): SharePartitionState | undefined {
  const { groupId, topicId, partition, value } = record;
  if (value === null) return undefined;
  return {
    key: { groupId, topicId, partition },
    snapshotEpoch: value.snapshotEpoch,
    stateEpoch: Math.max(value.stateEpoch, known?.stateEpoch ?? value.stateEpoch),
    leaderEpoch: value.leaderEpoch,
    leaderEpochMax: Math.max(value.leaderEpoch, known?.leaderEpochMax ?? value.leaderEpoch),
    startOffset: value.startOffset,
    deliveryCompleteCount: value.deliveryCompleteCount,
    stateBatches: combineStateBatches([], value.stateBatches, value.startOffset),
    createTimestampMs: value.createTimestamp,
    writeTimestampMs: value.writeTimestamp,
    updateCount: 0,
    snapshotOffset: origin.offset,
  };
}

/** An update without its snapshot is from a log that has lost its beginning: it is all there is. */
function fromUpdate(
  known: SharePartitionState | undefined,
  record: ShareUpdateRecord,
  origin: RecordOrigin,
): SharePartitionState {
  const { groupId, topicId, partition, value } = record;
  const base = known ?? {
    key: { groupId, topicId, partition },
    snapshotEpoch: value.snapshotEpoch,
    stateEpoch: 0,
    leaderEpoch: value.leaderEpoch,
    leaderEpochMax: value.leaderEpoch,
    startOffset: NO_OFFSET,
    stateBatches: [],
    createTimestampMs: 0,
    writeTimestampMs: 0,
    updateCount: 0,
    snapshotOffset: origin.offset,
  };
  const startOffset = value.startOffset === NO_OFFSET ? base.startOffset : value.startOffset;
  return {
    ...base,
    leaderEpoch: value.leaderEpoch === NO_EPOCH ? base.leaderEpoch : value.leaderEpoch,
    leaderEpochMax: Math.max(base.leaderEpochMax, value.leaderEpoch),
    startOffset,
    deliveryCompleteCount: value.deliveryCompleteCount,
    stateBatches: combineStateBatches(base.stateBatches, value.stateBatches, startOffset),
    updateCount: base.updateCount + 1,
  };
}
