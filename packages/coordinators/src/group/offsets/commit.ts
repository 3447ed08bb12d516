import type { ErrorName } from "@millrace/protocol";
import type { Outcome, StepContext } from "../../runtime/index.ts";
import { sessionTimer } from "../classic/heartbeat.ts";
import { checkMember } from "../classic/membership.ts";
import { type ClassicGroup, emptyClassicGroup } from "../classic/classic-group.ts";
import type { ConsumerGroup } from "../consumer/consumer-group.ts";
import type { ConsumerMember } from "../consumer/consumer-member.ts";
import type { GroupConfig } from "../group-config.ts";
import type { OffsetCommitRecord } from "../group-records.ts";
import type { Group } from "../group-state.ts";
import type { GroupTypes } from "../group-types.ts";
import { checkStreamsCommit, checkStreamsPartition } from "../streams/commit-check.ts";
import type { OffsetCommitInput, OffsetToCommit } from "./offset-requests.ts";

/** Decides on a commit of offsets by a member of a group, or by a consumer that manages itself. */
export function commitOffsets(
  group: Group | undefined,
  input: OffsetCommitInput,
  environment: { readonly config: GroupConfig; readonly context: StepContext },
): Outcome<GroupTypes> {
  const { context } = environment;
  const error = checkGroupCommit(group, input);
  if (error !== "NONE") {
    return {
      replies: [{ to: context.replyTo, reply: { kind: "offset-commit", error, errors: [] } }],
    };
  }
  return writeOffsets(input, environment, group);
}

function checkGroupCommit(group: Group | undefined, input: OffsetCommitInput): ErrorName {
  switch (group?.kind) {
    case "consumer":
      return checkConsumerCommit(group, input);
    case "share":
      return "GROUP_ID_NOT_FOUND";
    case "streams":
      return checkStreamsCommit(group, input);
    default:
      return checkCommit(group, input);
  }
}

/** Writes the offsets that fit; the right to commit has been checked. */
export function writeOffsets(
  input: OffsetCommitInput,
  environment: { readonly config: GroupConfig; readonly context: StepContext },
  group: Group | undefined,
): Outcome<GroupTypes> {
  const { config, context } = environment;
  const records: OffsetCommitRecord[] = [];
  const errors: ErrorName[] = [];
  for (const offset of input.offsets) {
    const size = Buffer.byteLength(offset.metadata ?? "");
    const fits = size <= config.offsetMetadataSizeBytesMax;
    const error = fits ? checkPartition(group, input, offset) : "OFFSET_METADATA_TOO_LARGE";
    errors.push(error);
    if (error === "NONE") records.push(commitRecord(input, offset, context.nowMs));
  }
  return {
    records,
    ...(input.producer === undefined ? {} : { producer: input.producer }),
    // A group that only keeps offsets is there from its first commit, to be listed and described.
    changes: group === undefined ? [newSimpleGroup(input.groupId, context)] : [],
    timers: signsOfLife(group, input.memberId),
    replies: [{ to: context.replyTo, reply: { kind: "offset-commit", error: "NONE", errors } }],
  };
}

/**
 * A commit is a sign of life of a classic member; one of the consumer protocol sends heartbeats.
 */
function signsOfLife(group: Group | undefined, memberId: string) {
  const isClassicMember = group?.kind === "classic" && group.members.has(memberId);
  return isClassicMember ? [sessionTimer(group, memberId)] : [];
}

function newSimpleGroup(groupId: string, context: StepContext) {
  const group = emptyClassicGroup(groupId, context.nowMs);
  return { kind: "classic-group", groupId, group } as const;
}

function commitRecord(
  input: OffsetCommitInput,
  offset: OffsetToCommit,
  nowMs: number,
): OffsetCommitRecord {
  const { retentionTimeMs } = input;
  return {
    kind: "offset-commit",
    groupId: input.groupId,
    topic: offset.topic,
    partition: offset.partition,
    value: {
      offset: offset.offset,
      leaderEpoch: offset.leaderEpoch,
      metadata: offset.metadata ?? "",
      commitTimestampMs: nowMs,
      expireTimestampMs: retentionTimeMs === undefined ? undefined : nowMs + retentionTimeMs,
      topicId: offset.topicId,
    },
  };
}

/**
 * Whether a member of a consumer group may commit: in its epoch, and in an older one what it has
 * had
 * since then (KIP-1251), which `checkPartition` looks at.
 */
function checkConsumerCommit(group: ConsumerGroup, input: OffsetCommitInput): ErrorName {
  const { memberId, generationIdOrMemberEpoch: epoch, producer } = input;
  if (epoch < 0 && group.members.size === 0) return "NONE";
  const isAnonymous = epoch === -1 && memberId === "" && input.groupInstanceId === null;
  if (producer !== undefined && isAnonymous) return "NONE";
  const member = group.members.get(memberId);
  if (member === undefined) return "UNKNOWN_MEMBER_ID";
  const isOld = producer === undefined && member.classic === null && !input.knowsMemberEpochs;
  if (isOld) return "UNSUPPORTED_VERSION";
  return epoch > member.memberEpoch ? staleEpoch(member) : "NONE";
}

function checkPartition(
  group: Group | undefined,
  input: OffsetCommitInput,
  offset: OffsetToCommit,
): ErrorName {
  if (group?.kind === "streams") return checkStreamsPartition(group, input, offset);
  if (group?.kind !== "consumer") return "NONE";
  const { topicId, partition } = offset;
  const member = group.members.get(input.memberId);
  const epoch = input.generationIdOrMemberEpoch;
  if (member === undefined || epoch === member.memberEpoch) return "NONE";
  const since =
    member.assigned.get(topicId)?.get(partition) ??
    member.pendingRevocation.get(topicId)?.get(partition);
  return since === undefined || epoch < since ? staleEpoch(member) : "NONE";
}

function staleEpoch(member: ConsumerMember): ErrorName {
  return member.classic === null ? "STALE_MEMBER_EPOCH" : "ILLEGAL_GENERATION";
}

function checkCommit(group: ClassicGroup | undefined, input: OffsetCommitInput): ErrorName {
  const generationId = input.generationIdOrMemberEpoch;
  if (group === undefined) {
    if (generationId < 0) return "NONE";
    return input.knowsMemberEpochs && input.producer === undefined
      ? "GROUP_ID_NOT_FOUND"
      : "ILLEGAL_GENERATION";
  }
  if (generationId < 0 && group.state === "empty") return "NONE";
  const isAnonymous = generationId < 0 && input.memberId === "" && input.groupInstanceId === null;
  if (isAnonymous) {
    // Transactions commit without a member id through clients from before KIP-447.
    return input.producer === undefined ? "UNKNOWN_MEMBER_ID" : "NONE";
  }
  const error = checkMember(group, input);
  if (error !== "NONE") return error;
  if (generationId !== group.generationId) return "ILLEGAL_GENERATION";
  return group.state === "completing-rebalance" ? "REBALANCE_IN_PROGRESS" : "NONE";
}
