import type { ErrorName } from "@millrace/protocol";
import type { Outcome, StepContext } from "../../runtime/index.ts";
import type { GroupConfig } from "../group-config.ts";
import type { GroupTypes } from "../group-types.ts";
import { ClassicDraft } from "./classic-draft.ts";
import { type ClassicGroup, staticMember } from "./classic-group.ts";
import { classicOutcome } from "./classic-outcome.ts";
import type { LeaveInput, LeaveReply, LeavingMember } from "./classic-requests.ts";
import { checkMember } from "./membership.ts";
import { afterRemoval, dropMember } from "./rebalance.ts";

/**
 * Decides on a LeaveGroup: each member is removed or refused; the others share the work out again.
 */
export function leave(
  group: ClassicGroup | undefined,
  input: LeaveInput,
  environment: { readonly config: GroupConfig; readonly context: StepContext },
): Outcome<GroupTypes> {
  const { config, context } = environment;
  if (input.groupId === "")
    return { replies: [{ to: context.replyTo, reply: refusedLeave("INVALID_GROUP_ID") }] };
  if (group === undefined) {
    const members = input.members.map((member) => result(member, "UNKNOWN_MEMBER_ID"));
    return {
      replies: [{ to: context.replyTo, reply: { kind: "leave-group", error: "NONE", members } }],
    };
  }
  const draft = new ClassicDraft(group, { groupId: input.groupId, nowMs: context.nowMs });
  const members = input.members.map((member) => result(member, remove(draft, member)));
  if (members.some(({ error }) => error === "NONE")) afterRemoval(draft, config);
  draft.replies.push({
    to: context.replyTo,
    reply: { kind: "leave-group", error: "NONE", members },
  });
  return classicOutcome(draft, group);
}

/** The answer to a LeaveGroup that is refused as a whole. */
export function refusedLeave(error: ErrorName): LeaveReply {
  return { kind: "leave-group", error, members: [] };
}

function remove(draft: ClassicDraft, leaving: LeavingMember): ErrorName {
  if (draft.pendingMembers.delete(leaving.memberId)) {
    draft.forgetSession(leaving.memberId);
    return "NONE";
  }
  // An administrator removes a static member by its identity alone.
  const holder = staticMember(draft.group, leaving.groupInstanceId);
  const memberId = leaving.memberId === "" && holder ? holder.memberId : leaving.memberId;
  const error = checkMember(draft.group, { ...leaving, memberId });
  const member = draft.members.get(memberId);
  if (error === "NONE" && member !== undefined) dropMember(draft, member);
  return error;
}

function result(member: LeavingMember, error: ErrorName): LeaveReply["members"][number] {
  const { memberId, groupInstanceId } = member;
  return { memberId, groupInstanceId, error };
}
