import type { Uuid } from "@millrace/protocol";
import type { GroupToAssign, MemberToAssign } from "./assignor.ts";
import type { Assignment } from "../assignment.ts";

/**
 * Gives each subscriber of a topic a row of neighbouring partitions, in the order of the members'
 * ids, static members first: partition N of one topic goes to the same member as partition N of
 * another with as many partitions and the same subscribers.
 */
export function assignRanges(group: GroupToAssign): ReadonlyMap<string, Assignment> {
  const members = [...group.members].sort(byIdentity);
  const subscribers = new Map<Uuid, number>();
  for (const { topicIds } of members) {
    for (const topicId of topicIds) subscribers.set(topicId, (subscribers.get(topicId) ?? 0) + 1);
  }
  const given = new Map<Uuid, { readonly members: number; readonly partitions: number }>();
  const assignments = new Map<string, Assignment>();
  for (const { memberId, topicIds } of members) {
    const assignment = new Map<Uuid, readonly number[]>();
    for (const topicId of topicIds) {
      const count = group.partitionCounts.get(topicId) ?? 0;
      const memberCount = subscribers.get(topicId) ?? 1;
      const before = given.get(topicId) ?? { members: 0, partitions: 0 };
      const getsExtra = before.members < count % memberCount;
      const size = Math.floor(count / memberCount) + (getsExtra ? 1 : 0);
      if (size > 0) assignment.set(topicId, range(before.partitions, size));
      given.set(topicId, {
        members: before.members + 1,
        partitions: before.partitions + size,
      });
    }
    assignments.set(memberId, assignment);
  }
  return assignments;
}

function range(start: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => start + index);
}

function byIdentity(left: MemberToAssign, right: MemberToAssign): number {
  if (left.instanceId !== null && right.instanceId !== null) {
    return compare(left.instanceId, right.instanceId);
  }
  if (left.instanceId !== null) return -1;
  if (right.instanceId !== null) return 1;
  return compare(left.memberId, right.memberId);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
