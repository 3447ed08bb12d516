import type { Outcome } from "../runtime/index.ts";
import {
  NO_COUNT,
  NO_EPOCH,
  NO_OFFSET,
  type SharePartitionState,
} from "./share-partition-state.ts";
import {
  answer,
  checkLeaderEpoch,
  checkPartition,
  checkStartOffset,
  checkStateEpoch,
  knownPartition,
  refusal,
  refuse,
  type ShareStateEnvironment,
} from "./share-state-draft.ts";
import type { ShareSnapshotRecord, ShareStateRecord } from "./share-state-records.ts";
import type {
  DeleteShareStateInput,
  InitializeShareStateInput,
  ReadShareStateInput,
  ReadShareStateReply,
  ShareState,
  ShareStateTypes,
  WriteShareStateInput,
} from "./share-state-types.ts";
import { combineStateBatches, isRange, type StateBatch } from "./state-batches.ts";

type ShareStateOutcome = Outcome<ShareStateTypes>;

/**
 * Begins the state of a share partition, or sets it anew: what was acquired and acknowledged before
 * is forgotten, and whoever wrote in an older epoch is fenced.
 */
export function initializeShareState(
  state: ShareState,
  input: InitializeShareStateInput,
  environment: ShareStateEnvironment,
): ShareStateOutcome {
  const { groupId, topicId, partition, stateEpoch, startOffset } = input;
  const known = knownPartition(state, input);
  const why =
    checkStateEpoch(known, stateEpoch) ??
    checkStartOffset(startOffset) ??
    checkPartition(input, environment);
  if (why !== undefined) return refuse(environment, input, why);
  const { nowMs } = environment.context;
  const value = {
    snapshotEpoch: known === undefined ? 0 : known.snapshotEpoch + 1,
    stateEpoch,
    leaderEpoch: 0,
    startOffset,
    // From a start offset on it can be counted what is done; without one there is nothing yet.
    deliveryCompleteCount: startOffset === NO_OFFSET ? NO_COUNT : 0,
    createTimestamp: nowMs,
    writeTimestamp: nowMs,
    stateBatches: [],
  };
  const record = { kind: "share-snapshot", groupId, topicId, partition, value } as const;
  return written(environment, input, [record]);
}

/** Writes what a leader tells of a share partition. */
export function writeShareState(
  state: ShareState,
  input: WriteShareStateInput,
  environment: ShareStateEnvironment,
): ShareStateOutcome {
  const known = knownPartition(state, input);
  if (known === undefined) {
    return refuse(environment, input, refusal("INVALID_REQUEST", "The state has no beginning."));
  }
  const why =
    checkLeaderEpoch(known, input.leaderEpoch) ??
    checkStateEpoch(known, input.stateEpoch) ??
    checkStartOffset(input.startOffset) ??
    checkPartition(input, environment);
  if (why !== undefined) return refuse(environment, input, why);
  if (!input.stateBatches.every(isRange)) {
    return refuse(environment, input, refusal("INVALID_REQUEST", "A range ends before it begins."));
  }
  const { leaderEpoch } = known;
  return written(environment, input, [nextRecord(known, { ...input, leaderEpoch }, environment)]);
}

/** Gives the state to a leader, and writes down its epoch when that is new. */
export function readShareState(
  state: ShareState,
  input: ReadShareStateInput,
  environment: ShareStateEnvironment,
): ShareStateOutcome {
  const known = knownPartition(state, input);
  if (known === undefined) {
    return refuse(environment, input, refusal("INVALID_REQUEST", "The state has no beginning."));
  }
  const { leaderEpoch } = input;
  const why = checkLeaderEpoch(known, leaderEpoch) ?? checkPartition(input, environment);
  if (why !== undefined) return refuse(environment, input, why);
  const { stateEpoch, startOffset, stateBatches, deliveryCompleteCount } = known;
  const reply: ReadShareStateReply = {
    kind: "read-share-state",
    error: "NONE",
    message: null,
    stateEpoch,
    startOffset,
    stateBatches,
  };
  if (leaderEpoch === NO_EPOCH || leaderEpoch === known.leaderEpochMax) {
    return answer(environment, reply);
  }
  const news = { leaderEpoch, startOffset, deliveryCompleteCount, stateBatches: [] };
  return { ...answer(environment, reply), records: [nextRecord(known, news, environment)] };
}

/** Forgets a share partition; one that is not known is forgotten already. */
export function deleteShareState(
  state: ShareState,
  input: DeleteShareStateInput,
  environment: ShareStateEnvironment,
): ShareStateOutcome {
  const why = checkPartition(input, environment);
  if (why !== undefined) return refuse(environment, input, why);
  const known = knownPartition(state, input);
  return written(environment, input, known === undefined ? [] : [tombstone(known)]);
}

/** The record that removes a share partition. */
export function tombstone({ key }: SharePartitionState): ShareSnapshotRecord {
  return { kind: "share-snapshot", ...key, value: null };
}

interface News {
  readonly leaderEpoch: number;
  readonly startOffset: number;
  readonly deliveryCompleteCount: number;
  readonly stateBatches: readonly StateBatch[];
}

/** An update, or a snapshot when there have been as many updates as there may be. */
function nextRecord(
  known: SharePartitionState,
  news: News,
  { config, context }: ShareStateEnvironment,
): ShareStateRecord {
  const { leaderEpoch, deliveryCompleteCount } = news;
  if (known.updateCount < config.updatesPerSnapshot) {
    const { snapshotEpoch } = known;
    const { startOffset } = news;
    const stateBatches = [...combineStateBatches([], news.stateBatches, startOffset)];
    const value = { snapshotEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches };
    return { kind: "share-update", ...known.key, value };
  }
  const startOffset = news.startOffset === NO_OFFSET ? known.startOffset : news.startOffset;
  const value = {
    snapshotEpoch: known.snapshotEpoch + 1,
    stateEpoch: known.stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
    createTimestamp: context.nowMs,
    writeTimestamp: context.nowMs,
    stateBatches: [...combineStateBatches(known.stateBatches, news.stateBatches, startOffset)],
  };
  return { kind: "share-snapshot", ...known.key, value };
}

function written(
  environment: ShareStateEnvironment,
  input: InitializeShareStateInput | WriteShareStateInput | DeleteShareStateInput,
  records: readonly ShareStateRecord[],
): ShareStateOutcome {
  return { ...refuse(environment, input, { error: "NONE", message: null }), records };
}
