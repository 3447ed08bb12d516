import type { GroupMetadataValue, MessageOf } from "@millrace/protocol";
import { type ClassicGroup, type ClassicMember, emptyClassicGroup } from "./classic-group.ts";

/** Gives the group that a record describes: stable, or empty when it has no members. */
export function groupFromRecord(
  groupId: string,
  value: MessageOf<typeof GroupMetadataValue>,
): ClassicGroup {
  const members = new Map<string, ClassicMember>();
  for (const stored of value.members) {
    members.set(stored.memberId, {
      memberId: stored.memberId,
      groupInstanceId: stored.groupInstanceId,
      clientId: stored.clientId,
      clientHost: stored.clientHost,
      // Version 0 did not say it: the session time-out served for both.
      rebalanceTimeoutMs:
        stored.rebalanceTimeout === -1 ? stored.sessionTimeout : stored.rebalanceTimeout,
      sessionTimeoutMs: stored.sessionTimeout,
      protocols: [{ name: value.protocol ?? "", metadata: stored.subscription }],
      assignment: stored.assignment,
      isNew: false,
      awaitingJoin: undefined,
      awaitingSync: undefined,
    });
  }
  return {
    ...emptyClassicGroup(groupId, value.currentStateTimestamp),
    state: members.size > 0 ? "stable" : "empty",
    generationId: value.generation,
    protocolType: value.protocolType === "" ? null : value.protocolType,
    protocolName: value.protocol,
    leaderId: value.leader,
    members,
  };
}
