import type { GroupState } from "../group-state.ts";
import { NOTHING_OWNED } from "./assignment.ts";
import { ConsumerDraft, type ConsumerEnvironment } from "./consumer-draft.ts";
import { assignmentToRecord, STATIC_MEMBER_AWAY_EPOCH } from "./consumer-member.ts";
import { type ConsumerHeartbeatInput, isRefusal, type Refusal } from "./consumer-requests.ts";
import { fenceMembers } from "./fence.ts";
import { knownMember } from "./membership.ts";
import { notFound } from "./open-group.ts";

/** Decides on a member that leaves; a static one may say that it will be back. */
export function leaveConsumerGroup(
  state: GroupState,
  input: ConsumerHeartbeatInput,
  environment: ConsumerEnvironment,
): ConsumerDraft | Refusal {
  const { groupId, memberId, memberEpoch } = input;
  const group = state.groups.get(groupId);
  if (group === undefined) return notFound(`Group ${groupId} not found.`);
  if (group.kind !== "consumer") return notFound(`Group ${groupId} is not a consumer group.`);
  const member = knownMember(group, input);
  if (isRefusal(member)) return member;
  const draft = new ConsumerDraft(group, environment);
  if (memberEpoch === STATIC_MEMBER_AWAY_EPOCH) {
    const away = { ...member, memberEpoch, pendingRevocation: NOTHING_OWNED };
    const value = assignmentToRecord(away);
    draft.write({ kind: "consumer-assignment", groupId, memberId, value });
  } else {
    fenceMembers(draft, [member]);
  }
  draft.replies.push({
    to: environment.context.replyTo,
    reply: {
      kind: "consumer-heartbeat",
      error: "NONE",
      message: null,
      memberId,
      memberEpoch,
      heartbeatIntervalMs: 0,
      assignment: null,
    },
  });
  return draft;
}
