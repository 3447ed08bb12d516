import type { ErrorName } from "@millrace/protocol";
import type { OffsetCommitInput, OffsetToCommit } from "../offsets/offset-requests.ts";
import type { StreamsGroup } from "./streams-group.ts";

/**
 * Whether a member of a streams group may commit: in its epoch, and in an older one what it has had
 * since then, which `checkStreamsPartition` looks at.
 */
export function checkStreamsCommit(group: StreamsGroup, input: OffsetCommitInput): ErrorName {
  const { memberId, generationIdOrMemberEpoch: epoch, producer } = input;
  if (epoch < 0 && group.members.size === 0) return "NONE";
  const isAnonymous = epoch === -1 && memberId === "" && input.groupInstanceId === null;
  if (producer !== undefined && isAnonymous) return "NONE";
  const member = group.members.get(memberId);
  if (member === undefined) return "UNKNOWN_MEMBER_ID";
  if (producer === undefined && !input.knowsMemberEpochs) return "UNSUPPORTED_VERSION";
  return epoch > member.memberEpoch ? "STALE_MEMBER_EPOCH" : "NONE";
}

/** Whether a commit in an older epoch is of a partition that the member had then already. */
export function checkStreamsPartition(
  group: StreamsGroup,
  input: OffsetCommitInput,
  { topic, partition }: OffsetToCommit,
): ErrorName {
  const member = group.members.get(input.memberId);
  const epoch = input.generationIdOrMemberEpoch;
  if (member === undefined || epoch === member.memberEpoch) return "NONE";
  const subtopologyId = group.topology?.readers.get(topic)?.subtopologyId;
  if (subtopologyId === undefined) return "STALE_MEMBER_EPOCH";
  const since =
    member.assigned.active.get(subtopologyId)?.get(partition) ??
    member.pendingRevocation.active.get(subtopologyId)?.get(partition);
  return since === undefined || epoch < since ? "STALE_MEMBER_EPOCH" : "NONE";
}
