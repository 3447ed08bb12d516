import type { ErrorName } from "@millrace/protocol";
import type { Outcome, StepContext } from "../runtime/index.ts";
import { sharePartitionName } from "./share-partition-key.ts";
import { NO_EPOCH, NO_OFFSET, type SharePartitionState } from "./share-partition-state.ts";
import type { ShareStateConfig, ShareTopics } from "./share-state-config.ts";
import { refusedShareState, type ShareStateRefusal } from "./share-state-refusal.ts";
import type {
  SharePartitionRequest,
  ShareState,
  ShareStateReply,
  ShareStateTypes,
} from "./share-state-types.ts";

/** What decisions of the share coordinator meet. */
export interface ShareStateEnvironment {
  readonly config: ShareStateConfig;
  readonly topics: ShareTopics;
  readonly context: StepContext;
}

/** The state of the share partition that a request is about. */
export function knownPartition(
  state: ShareState,
  input: SharePartitionRequest,
): SharePartitionState | undefined {
  return state.partitions.get(sharePartitionName(input));
}

/** Whether the partition exists, as every request asks; undefined when it does. */
export function checkPartition(
  input: SharePartitionRequest,
  { topics }: ShareStateEnvironment,
): ShareStateRefusal | undefined {
  if (input.partition < 0) return refusal("INVALID_REQUEST", "A partition is never negative.");
  const count = topics.partitionCountOf(input.topicId);
  if (count !== undefined && input.partition < count) return undefined;
  return refusal("UNKNOWN_TOPIC_OR_PARTITION", "There is no such partition.");
}

/** Fences a leader of the partition that has been succeeded. */
export function checkLeaderEpoch(
  known: SharePartitionState,
  leaderEpoch: number,
): ShareStateRefusal | undefined {
  if (leaderEpoch === NO_EPOCH || leaderEpoch >= known.leaderEpochMax) return undefined;
  return refusal(
    "FENCED_LEADER_EPOCH",
    `The state was used in leader epoch ${known.leaderEpochMax} already.`,
  );
}

/** Fences who speaks of a state that has been set anew since. */
export function checkStateEpoch(
  known: SharePartitionState | undefined,
  stateEpoch: number,
): ShareStateRefusal | undefined {
  if (known === undefined || stateEpoch === NO_EPOCH) return undefined;
  if (stateEpoch >= known.stateEpoch) return undefined;
  return refusal("FENCED_STATE_EPOCH", `The state is in epoch ${known.stateEpoch}.`);
}

/** Whether a start offset is one, or -1. */
export function checkStartOffset(startOffset: number): ShareStateRefusal | undefined {
  if (startOffset >= NO_OFFSET) return undefined;
  return refusal("INVALID_REQUEST", "A start offset is never negative.");
}

/** Why a request is refused. */
export function refusal(error: ErrorName, message: string): ShareStateRefusal {
  return { error, message };
}

/** An outcome that is an answer alone. */
export function answer(
  { context }: ShareStateEnvironment,
  reply: ShareStateReply,
): Outcome<ShareStateTypes> {
  return { replies: [{ to: context.replyTo, reply }] };
}

/** An outcome that refuses. */
export function refuse(
  environment: ShareStateEnvironment,
  input: SharePartitionRequest,
  why: ShareStateRefusal,
): Outcome<ShareStateTypes> {
  return answer(environment, refusedShareState(input.kind, why));
}
