import type { ErrorName } from "@millrace/protocol";
import type { Outcome, StepContext } from "../../runtime/index.ts";
import type { GroupTypes } from "../group-types.ts";
import { timerKeys } from "./classic-draft.ts";
import type { ClassicGroup } from "./classic-group.ts";
import type { HeartbeatInput } from "./classic-requests.ts";
import { checkMember } from "./membership.ts";

/** Decides on a Heartbeat. It changes nothing but the member's session timer. */
export function heartbeat(
  group: ClassicGroup | undefined,
  input: HeartbeatInput,
  context: StepContext,
): Outcome<GroupTypes> {
  const error = checkHeartbeat(group, input);
  const isAlive = error === "NONE" || error === "REBALANCE_IN_PROGRESS";
  return {
    replies: [{ to: context.replyTo, reply: { kind: "heartbeat", error } }],
    ...(isAlive && group !== undefined ? { timers: [sessionTimer(group, input.memberId)] } : {}),
  };
}

/** The timer that expects a member's next sign of life. */
export function sessionTimer(group: ClassicGroup, memberId: string) {
  const { groupId } = group;
  return {
    kind: "set",
    key: timerKeys.session(groupId, memberId),
    delayMs: group.members.get(memberId)?.sessionTimeoutMs ?? 0,
    input: { kind: "session-expired", groupId, memberId },
  } as const;
}

function checkHeartbeat(group: ClassicGroup | undefined, input: HeartbeatInput): ErrorName {
  if (input.groupId === "") return "INVALID_GROUP_ID";
  if (group === undefined) return "UNKNOWN_MEMBER_ID";
  const error = checkMember(group, input);
  if (error !== "NONE") return error;
  if (input.generationId !== group.generationId) return "ILLEGAL_GENERATION";
  if (group.state === "empty") return "UNKNOWN_MEMBER_ID";
  return group.state === "preparing-rebalance" ? "REBALANCE_IN_PROGRESS" : "NONE";
}
