import type { Uuid } from "@millrace/protocol";
import { type Assignment, NOTHING_ASSIGNED, sameAssignment } from "../consumer/assignment.ts";
import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import { recordForm } from "../consumer/target.ts";
import type { TopicMetadata } from "../consumer/topic-metadata.ts";
import { assignSimply, type ShareMemberToAssign } from "./assignors/simple.ts";
import type { ShareGroup } from "./share-group.ts";
import type { ShareMember } from "./share-member.ts";
import type { ShareRecord } from "./share-records.ts";

/** The target that a member is to be brought to, and the records that make it so. */
export interface ShareTarget {
  readonly epoch: number;
  readonly target: Assignment;
  readonly records: readonly ShareRecord[];
}

/**
 * Works out the target assignment of a group whose epoch has grown, unless the last time is less
 * than the group's assignment interval ago: a heartbeat after it will.
 */
export function updateShareTarget(
  group: ShareGroup,
  step: { readonly epoch: number; readonly to: ShareMember },
  environment: ConsumerEnvironment,
): ShareTarget {
  const { epoch, to } = step;
  const { config, context, topics } = environment;
  const { groupId } = group;
  const isDue = isTargetDue(group, config.shareTimes(groupId).assignmentIntervalMs, context.nowMs);
  if (group.targetEpoch >= epoch || !isDue) {
    return { epoch: group.targetEpoch, target: group.target(to.memberId), records: [] };
  }
  const targets = assignSimply({
    members: membersToAssign(group, to, topics),
    assignable: assignablePartitions(group),
  });
  const records: ShareRecord[] = [];
  for (const [memberId, target] of targets) {
    const before = group.targets.get(memberId);
    if (before !== undefined && sameAssignment(before, target)) continue;
    const value = { topicPartitions: recordForm(target) };
    records.push({ kind: "share-target", groupId, memberId, value });
  }
  const value = { assignmentEpoch: epoch, assignmentTimestamp: context.nowMs };
  records.push({ kind: "share-target-epoch", groupId, value });
  return { epoch, target: targets.get(to.memberId) ?? NOTHING_ASSIGNED, records };
}

/** What of a target belongs to topics that a member subscribes to. */
export function subscribedPart(
  target: Assignment,
  member: ShareMember,
  topics: TopicMetadata,
): Assignment {
  const subscribed = new Set(member.subscribedTopicNames);
  const isSubscribed = (topicId: Uuid): boolean => subscribed.has(topics.byId(topicId)?.name ?? "");
  return new Map([...target].filter(([topicId]) => isSubscribed(topicId)));
}

/**
 * Whether partitions of subscribed topics have been initialized, or ceased to be, since the last
 * target: it has to be worked out anew though no member has changed. A topic that is gone cannot be
 * assigned, so it does not count, or the group would never come to rest.
 */
export function hasUnassignedPartitions(group: ShareGroup, topics: TopicMetadata): boolean {
  if (group.members.size === 0) return false;
  const assigned = new Map<Uuid, Set<number>>();
  for (const target of group.targets.values()) {
    for (const [topicId, partitions] of target) {
      const known = assigned.get(topicId) ?? new Set();
      assigned.set(topicId, known);
      for (const partition of partitions) known.add(partition);
    }
  }
  for (const [topicId, { name, partitions }] of group.statePartitions.initialized) {
    if (group.topicNames.count(name) === 0 || topics.byId(topicId) === undefined) continue;
    const known = assigned.get(topicId);
    if (known?.size !== partitions.size) return true;
    for (const partition of partitions) if (!known.has(partition)) return true;
  }
  return false;
}

function isTargetDue(group: ShareGroup, intervalMs: number, nowMs: number): boolean {
  const { targetTimestampMs } = group;
  return targetTimestampMs === 0 || intervalMs === 0 || nowMs >= targetTimestampMs + intervalMs;
}

function membersToAssign(
  group: ShareGroup,
  to: ShareMember,
  topics: TopicMetadata,
): readonly ShareMemberToAssign[] {
  const members = new Map(group.members).set(to.memberId, to);
  return [...members.values()]
    .sort((left, right) => (left.memberId < right.memberId ? -1 : 1))
    .map(({ memberId, subscribedTopicNames }) => ({
      memberId,
      topicIds: subscribedTopicNames.flatMap((name) => topics.byName(name)?.id ?? []),
      target: group.target(memberId),
    }));
}

function assignablePartitions(group: ShareGroup): ReadonlyMap<Uuid, readonly number[]> {
  const assignable = new Map<Uuid, readonly number[]>();
  for (const [topicId, { partitions }] of group.statePartitions.initialized) {
    assignable.set(
      topicId,
      [...partitions].sort((left, right) => left - right),
    );
  }
  return assignable;
}
