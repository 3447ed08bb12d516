import type { TimerChange } from "../runtime/index.ts";
import { timerKeys } from "./classic/classic-draft.ts";
import { sessionTimer } from "./classic/heartbeat.ts";
import { consumerTimerKeys } from "./consumer/consumer-draft.ts";
import type { ConsumerMember } from "./consumer/consumer-member.ts";
import type { GroupConfig } from "./group-config.ts";
import type { Group } from "./group-state.ts";
import type { GroupTypes } from "./group-types.ts";
import { shareTimers } from "./share/loaded-timers.ts";
import { streamsTimers } from "./streams/loaded-timers.ts";

/** What a coordinator that has just loaded a group expects of its members. */
export function sessionTimers(group: Group, config: GroupConfig): TimerChange<GroupTypes>[] {
  if (group.kind === "classic") {
    return [...group.members.keys()].map((memberId) => sessionTimer(group, memberId));
  }
  const { groupId } = group;
  if (group.kind === "share") return shareTimers(group, config);
  if (group.kind === "streams") return streamsTimers(group, config);
  const { sessionTimeoutMs } = config.consumerTimes(groupId);
  return [...group.members.values()].flatMap((member) =>
    consumerTimers(groupId, member, sessionTimeoutMs),
  );
}

function consumerTimers(
  groupId: string,
  member: ConsumerMember,
  sessionTimeoutMs: number,
): TimerChange<GroupTypes>[] {
  const { memberId, memberEpoch, classic, state, rebalanceTimeoutMs } = member;
  const expired = { kind: "consumer-member-expired", groupId, memberId } as const;
  const session: TimerChange<GroupTypes> = {
    kind: "set",
    key: timerKeys.session(groupId, memberId),
    delayMs: classic?.sessionTimeoutMs ?? sessionTimeoutMs,
    input: { ...expired, memberEpoch: undefined },
  };
  if (classic !== null || state !== "unrevoked") return [session];
  const revocation: TimerChange<GroupTypes> = {
    kind: "set",
    key: consumerTimerKeys.revocation(groupId, memberId),
    delayMs: rebalanceTimeoutMs,
    input: { ...expired, memberEpoch },
  };
  return [session, revocation];
}
