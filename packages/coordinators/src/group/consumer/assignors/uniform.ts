import type { Uuid } from "@millrace/protocol";
import type { Assignment } from "../assignment.ts";
import type { GroupToAssign, MemberToAssign } from "./assignor.ts";
import { assignMixed } from "./uniform-mixed.ts";

interface Place {
  readonly topicId: Uuid;
  readonly partition: number;
}

/**
 * Gives every member as many partitions as any other, give or take one, and takes away from nobody
 * more than that asks for.
 */
export function assignUniformly(group: GroupToAssign): ReadonlyMap<string, Assignment> {
  if (group.members.length === 0) return new Map();
  return group.isUniform ? assignSame(group) : assignMixed(group);
}

/**
 * All members subscribe to the same topics: each keeps what fits its share, and gets what it lacks.
 */
function assignSame(group: GroupToAssign): ReadonlyMap<string, Assignment> {
  const topicIds = group.members[0]?.topicIds ?? [];
  const { free, total } = freePartitions(group, topicIds);
  const share = Math.floor(total / group.members.length);
  let extrasLeft = total % group.members.length;
  const topics = new Set(topicIds);
  const assignments = new Map<string, Assignment>();
  const lacking: { readonly member: MemberToAssign; readonly count: number }[] = [];
  for (const [index, member] of group.members.entries()) {
    let quota = share + (extrasLeft > 0 ? 1 : 0);
    let hasExtra = extrasLeft > 0;
    const { kept, size } = keep({ member, topics, quota, free });
    quota -= size;
    // Whoever does not fill the extra partition leaves it to another, while there are others.
    if (quota > 0 && hasExtra && group.members.length - index > extrasLeft) {
      quota--;
      hasExtra = false;
    }
    if (hasExtra) extrasLeft--;
    if (quota > 0) lacking.push({ member, count: quota });
    assignments.set(member.memberId, kept);
  }
  let next = 0;
  for (const { member, count } of lacking) {
    const places = free.slice(next, next + count);
    next += places.length;
    const kept = assignments.get(member.memberId) ?? new Map();
    assignments.set(member.memberId, withPlaces(kept, places));
  }
  return assignments;
}

function freePartitions(
  group: GroupToAssign,
  topicIds: readonly Uuid[],
): { readonly free: Place[]; readonly total: number } {
  const free: Place[] = [];
  let total = 0;
  for (const topicId of topicIds) {
    const count = group.partitionCounts.get(topicId) ?? 0;
    total += count;
    for (let partition = 0; partition < count; partition++) {
      if (!group.isTargeted(topicId, partition)) free.push({ topicId, partition });
    }
  }
  return { free, total };
}

/** What a member keeps of its target; what is beyond its quota becomes free. */
function keep(options: {
  readonly member: MemberToAssign;
  readonly topics: ReadonlySet<Uuid>;
  readonly quota: number;
  readonly free: Place[];
}): { readonly kept: Assignment; readonly size: number } {
  const { member, topics, quota, free } = options;
  const kept = new Map<Uuid, readonly number[]>();
  let size = 0;
  for (const [topicId, partitions] of member.target) {
    if (!topics.has(topicId)) continue;
    const fitting = partitions.slice(0, Math.max(0, quota - size));
    if (fitting.length > 0) kept.set(topicId, fitting);
    size += fitting.length;
    for (const partition of partitions.slice(fitting.length)) free.push({ topicId, partition });
  }
  return { kept, size };
}

function withPlaces(kept: Assignment, places: readonly Place[]): Assignment {
  const assignment = new Map<Uuid, number[]>();
  for (const [topicId, partitions] of kept) assignment.set(topicId, [...partitions]);
  for (const { topicId, partition } of places) {
    const partitions = assignment.get(topicId);
    if (partitions === undefined) assignment.set(topicId, [partition]);
    else partitions.push(partition);
  }
  for (const partitions of assignment.values()) partitions.sort((left, right) => left - right);
  return assignment;
}
