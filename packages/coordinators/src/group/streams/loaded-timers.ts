import type { TimerChange } from "../../runtime/index.ts";
import type { GroupConfig } from "../group-config.ts";
import type { GroupTypes } from "../group-types.ts";
import { streamsTimerKeys } from "./streams-draft.ts";
import type { StreamsGroup } from "./streams-group.ts";

/** What a coordinator that has just loaded a group expects of its members. */
export function streamsTimers(group: StreamsGroup, config: GroupConfig): TimerChange<GroupTypes>[] {
  const { groupId } = group;
  const { sessionTimeoutMs } = config.streamsSettings(groupId);
  return [...group.members.values()].flatMap((member): TimerChange<GroupTypes>[] => {
    const { memberId, memberEpoch, state, rebalanceTimeoutMs } = member;
    const expired = { kind: "streams-member-expired", groupId, memberId } as const;
    const session: TimerChange<GroupTypes> = {
      kind: "set",
      key: streamsTimerKeys.session(groupId, memberId),
      delayMs: sessionTimeoutMs,
      input: { ...expired, memberEpoch: undefined },
    };
    if (state !== "unrevoked") return [session];
    const revocation: TimerChange<GroupTypes> = {
      kind: "set",
      key: streamsTimerKeys.revocation(groupId, memberId),
      delayMs: rebalanceTimeoutMs,
      input: { ...expired, memberEpoch },
    };
    return [session, revocation];
  });
}
