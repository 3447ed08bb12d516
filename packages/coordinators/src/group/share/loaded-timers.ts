import type { TimerChange } from "../../runtime/index.ts";
import type { GroupConfig } from "../group-config.ts";
import type { GroupTypes } from "../group-types.ts";
import { shareTimerKeys } from "./share-draft.ts";
import type { ShareGroup } from "./share-group.ts";

/** What a coordinator that has just loaded a share group expects of its members: heartbeats. */
export function shareTimers(group: ShareGroup, config: GroupConfig): TimerChange<GroupTypes>[] {
  const { groupId } = group;
  const { sessionTimeoutMs: delayMs } = config.shareTimes(groupId);
  return [...group.members.keys()].map((memberId) => ({
    kind: "set",
    key: shareTimerKeys.session(groupId, memberId),
    delayMs,
    input: { kind: "share-member-expired", groupId, memberId },
  }));
}
