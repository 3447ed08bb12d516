import type { Machine, Outcome } from "../runtime/index.ts";
import { applyShareState } from "./apply-share-state.ts";
import { NO_COUNT, NO_OFFSET } from "./share-partition-state.ts";
import type { ShareStateConfig, ShareTopics } from "./share-state-config.ts";
import {
  answer,
  checkPartition,
  knownPartition,
  refuse,
  type ShareStateEnvironment,
} from "./share-state-draft.ts";
import { decodeShareStateRecord, encodeShareStateRecord } from "./share-state-records.ts";
import { refuseShareStateInput } from "./share-state-refusal.ts";
import type {
  ReadShareSummaryInput,
  ShareState,
  ShareStateInput,
  ShareStateTypes,
} from "./share-state-types.ts";
import { prune, shareTopicsDeleted, snapshotCold, upkeepTimers } from "./share-state-upkeep.ts";
import {
  deleteShareState,
  initializeShareState,
  readShareState,
  writeShareState,
} from "./write-share-state.ts";

/** What the rules of share states look at besides their own state; read anew at each decision. */
export interface ShareStateMachineOptions {
  readonly config: () => ShareStateConfig;
  readonly topics: ShareTopics;
}

/** Gives the rules of the share coordinator (KIP-932). */
export function shareStateMachine(options: ShareStateMachineOptions): Machine<ShareStateTypes> {
  const { topics } = options;
  return {
    empty: () => ({ partitions: new Map(), lastOffset: 0 }),
    step: (state, input, context) =>
      step(state, input, { config: options.config(), topics, context }),
    apply: applyShareState,
    change: () => {},
    loaded: () => upkeepTimers(options.config()),
    refuse: refuseShareStateInput,
    encode: encodeShareStateRecord,
    decode: decodeShareStateRecord,
  };
}

function step(
  state: ShareState,
  input: ShareStateInput,
  environment: ShareStateEnvironment,
): Outcome<ShareStateTypes> {
  switch (input.kind) {
    case "initialize-share-state":
      return initializeShareState(state, input, environment);
    case "read-share-state":
      return readShareState(state, input, environment);
    case "write-share-state":
      return writeShareState(state, input, environment);
    case "delete-share-state":
      return deleteShareState(state, input, environment);
    case "read-share-summary":
      return readSummary(state, input, environment);
    case "share-topics-deleted":
      return shareTopicsDeleted(state, input, environment);
    case "prune":
      return prune(state, environment);
    case "snapshot-cold":
      return snapshotCold(state, environment);
  }
}

function readSummary(
  state: ShareState,
  input: ReadShareSummaryInput,
  environment: ShareStateEnvironment,
): Outcome<ShareStateTypes> {
  const why = checkPartition(input, environment);
  if (why !== undefined) return refuse(environment, input, why);
  const known = knownPartition(state, input);
  return answer(environment, {
    kind: "read-share-summary",
    error: "NONE",
    message: null,
    stateEpoch: known?.stateEpoch ?? 0,
    leaderEpoch: known?.leaderEpoch ?? 0,
    startOffset: known?.startOffset ?? NO_OFFSET,
    deliveryCompleteCount: known?.deliveryCompleteCount ?? NO_COUNT,
  });
}
