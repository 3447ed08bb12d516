import type { ErrorName } from "@millrace/protocol";
import type { Outcome, StepContext } from "../../runtime/index.ts";
import { sessionTimer } from "../classic/heartbeat.ts";
import { checkMember } from "../classic/membership.ts";
import { type ClassicGroup, emptyClassicGroup } from "../classic/classic-group.ts";
import type { GroupConfig } from "../group-config.ts";
import type { OffsetCommitRecord } from "../group-records.ts";
import type { GroupTypes } from "../group-types.ts";
import type { OffsetCommitInput, OffsetToCommit } from "./offset-requests.ts";

/** Decides on a commit of offsets by a classic group, or by a consumer that manages itself. */
export function commitOffsets(
  group: ClassicGroup | undefined,
  input: OffsetCommitInput,
  environment: { readonly config: GroupConfig; readonly context: StepContext },
): Outcome<GroupTypes> {
  const { context } = environment;
  const error = checkCommit(group, input);
  if (error !== "NONE") {
    return {
      replies: [{ to: context.replyTo, reply: { kind: "offset-commit", error, errors: [] } }],
    };
  }
  return writeOffsets(input, environment, group);
}

/** Writes the offsets that fit; the right to commit has been checked. */
export function writeOffsets(
  input: OffsetCommitInput,
  environment: { readonly config: GroupConfig; readonly context: StepContext },
  group: ClassicGroup | undefined,
): Outcome<GroupTypes> {
  const { config, context } = environment;
  const records: OffsetCommitRecord[] = [];
  const errors: ErrorName[] = [];
  for (const offset of input.offsets) {
    const size = Buffer.byteLength(offset.metadata ?? "");
    const fits = size <= config.offsetMetadataSizeBytesMax;
    errors.push(fits ? "NONE" : "OFFSET_METADATA_TOO_LARGE");
    if (fits) records.push(commitRecord(input, offset, context.nowMs));
  }
  const isMember = group?.members.has(input.memberId) === true;
  return {
    records,
    ...(input.producer === undefined ? {} : { producer: input.producer }),
    // A group that only keeps offsets is there from its first commit, to be listed and described.
    changes: group === undefined ? [newSimpleGroup(input.groupId, context)] : [],
    timers: isMember && group !== undefined ? [sessionTimer(group, input.memberId)] : [],
    replies: [{ to: context.replyTo, reply: { kind: "offset-commit", error: "NONE", errors } }],
  };
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
