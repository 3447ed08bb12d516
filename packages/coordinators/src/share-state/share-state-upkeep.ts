import type { Outcome } from "../runtime/index.ts";
import type { SharePartitionState } from "./share-partition-state.ts";
import type { ShareStateConfig } from "./share-state-config.ts";
import type { ShareStateEnvironment } from "./share-state-draft.ts";
import type { ShareSnapshotRecord } from "./share-state-records.ts";
import type { ShareState, ShareStateTypes, ShareTopicsDeletedInput } from "./share-state-types.ts";
import { tombstone } from "./write-share-state.ts";

/** The two clocks of a shard. */
export function upkeepTimers(config: ShareStateConfig): Outcome<ShareStateTypes> {
  return { timers: [pruneTimer(config), coldTimer(config)] };
}

/** Has the records deleted that no share partition needs: those before the oldest snapshot. */
export function prune(
  state: ShareState,
  { config }: ShareStateEnvironment,
): Outcome<ShareStateTypes> {
  const timers = [pruneTimer(config)];
  const beforeOffset = redundantBefore(state);
  if (beforeOffset <= 0) return { timers };
  return { timers, effects: [{ kind: "prune", beforeOffset }] };
}

/**
 * Writes snapshots of share partitions that had none for long, so that the log before them can be
 * deleted; none when nothing has been written since they were.
 */
export function snapshotCold(
  state: ShareState,
  { config, context }: ShareStateEnvironment,
): Outcome<ShareStateTypes> {
  const timers = [coldTimer(config)];
  const partitions = [...state.partitions.values()];
  const isCold = (known: SharePartitionState): boolean =>
    known.createTimestampMs !== known.writeTimestampMs;
  if (partitions.every(isCold)) return { timers };
  const records = partitions
    .filter(({ writeTimestampMs }) => {
      return context.nowMs - writeTimestampMs >= config.coldSnapshotIntervalMs;
    })
    .map((known) => snapshotOf(known, context.nowMs));
  return { timers, records };
}

/** Forgets the partitions of deleted topics. */
export function shareTopicsDeleted(
  state: ShareState,
  { topicIds }: ShareTopicsDeletedInput,
  { context }: ShareStateEnvironment,
): Outcome<ShareStateTypes> {
  const gone = [...state.partitions.values()].filter(({ key }) => topicIds.has(key.topicId));
  return {
    records: gone.map(tombstone),
    replies: [{ to: context.replyTo, reply: { kind: "share-topics-deleted" } }],
  };
}

function redundantBefore(state: ShareState): number {
  let oldest = state.lastOffset;
  for (const { snapshotOffset } of state.partitions.values()) {
    oldest = Math.min(oldest, snapshotOffset);
  }
  return oldest;
}

/** The same state again, later; it remembers when its offsets were last set. */
function snapshotOf(known: SharePartitionState, nowMs: number): ShareSnapshotRecord {
  const value = {
    snapshotEpoch: known.snapshotEpoch + 1,
    stateEpoch: known.stateEpoch,
    leaderEpoch: known.leaderEpoch,
    startOffset: known.startOffset,
    deliveryCompleteCount: known.deliveryCompleteCount,
    createTimestamp: known.createTimestampMs,
    writeTimestamp: nowMs,
    stateBatches: [...known.stateBatches],
  };
  return { kind: "share-snapshot", ...known.key, value };
}

function pruneTimer({ pruneIntervalMs: delayMs }: ShareStateConfig) {
  return { kind: "set", key: "prune", delayMs, input: { kind: "prune" } } as const;
}

function coldTimer({ coldSnapshotIntervalMs: delayMs }: ShareStateConfig) {
  const input = { kind: "snapshot-cold" } as const;
  return { kind: "set", key: "snapshot-cold", delayMs, input } as const;
}
