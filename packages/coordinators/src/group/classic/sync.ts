import type { ErrorName } from "@millrace/protocol";
import type { Outcome, StepContext } from "../../runtime/index.ts";
import type { GroupTypes } from "../group-types.ts";
import { ClassicDraft, timerKeys } from "./classic-draft.ts";
import { type ClassicGroup, NO_ASSIGNMENT } from "./classic-group.ts";
import { classicOutcome } from "./classic-outcome.ts";
import type { SyncInput, SyncReply } from "./classic-requests.ts";
import { checkMember } from "./membership.ts";
import { becomeStable } from "./rebalance.ts";

/** Decides on a SyncGroup: the leader's makes the group stable, the others' wait for it. */
export function sync(
  group: ClassicGroup | undefined,
  input: SyncInput,
  context: StepContext,
): Outcome<GroupTypes> {
  const error = checkSync(group, input);
  if (group === undefined || error !== "NONE") {
    return { replies: [{ to: context.replyTo, reply: refusedSync(error) }] };
  }
  const draft = new ClassicDraft(group, { groupId: input.groupId, nowMs: context.nowMs });
  draft.pendingSyncs.delete(input.memberId);
  draft.answerSync(input.memberId, "REBALANCE_IN_PROGRESS");
  draft.update(input.memberId, { awaitingSync: context.replyTo });
  if (group.state === "stable") draft.answerSync(input.memberId, "NONE");
  else if (group.leaderId === input.memberId) becomeStable(draft, assignmentsOf(input));
  if (draft.pendingSyncs.size === 0) draft.cancel(timerKeys.sync(group.groupId));
  return classicOutcome(draft, group);
}

/** The answer to a SyncGroup that is refused. */
export function refusedSync(error: ErrorName): SyncReply {
  return {
    kind: "sync-group",
    error,
    protocolType: null,
    protocolName: null,
    assignment: NO_ASSIGNMENT,
  };
}

function checkSync(group: ClassicGroup | undefined, input: SyncInput): ErrorName {
  if (input.groupId === "") return "INVALID_GROUP_ID";
  if (group === undefined) return "UNKNOWN_MEMBER_ID";
  const error = checkMember(group, input);
  if (error !== "NONE") return error;
  if (input.generationId !== group.generationId) return "ILLEGAL_GENERATION";
  const isOtherType = input.protocolType !== null && input.protocolType !== group.protocolType;
  const isOtherName = input.protocolName !== null && input.protocolName !== group.protocolName;
  if (isOtherType || isOtherName) return "INCONSISTENT_GROUP_PROTOCOL";
  if (group.state === "empty") return "UNKNOWN_MEMBER_ID";
  return group.state === "preparing-rebalance" ? "REBALANCE_IN_PROGRESS" : "NONE";
}

function assignmentsOf(input: SyncInput): ReadonlyMap<string, Uint8Array> {
  return new Map(input.assignments.map(({ memberId, assignment }) => [memberId, assignment]));
}
