import type { Uuid } from "@millrace/protocol";
import { type Assignment, sameAssignment, toTopicPartitions } from "./assignment.ts";
import type { Assignor, GroupToAssign, MemberToAssign } from "./assignors/assignor.ts";
import { assignRanges } from "./assignors/range.ts";
import { assignUniformly } from "./assignors/uniform.ts";
import type { ConsumerDraft } from "./consumer-draft.ts";
import type { ConsumerMember } from "./consumer-member.ts";
import { subscribedTopicNames, subscriptionsAfter } from "./subscription.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

/** The assignors that there are, by the name that clients and configurations call them by. */
export const assignorsByName: ReadonlyMap<string, Assignor> = new Map([
  ["uniform", assignUniformly],
  ["range", assignRanges],
]);

/** The target that a member is to be brought to. */
export interface MemberTarget {
  readonly epoch: number;
  readonly target: Assignment;
}

/**
 * Works out the target assignment of a group whose epoch has grown, unless the last time is less
 * than the group's assignment interval ago: a heartbeat after it will, for all that came meanwhile.
 */
export function updateTarget(
  draft: ConsumerDraft,
  epoch: number,
  to: ConsumerMember,
): MemberTarget {
  const { group, environment } = draft;
  const { nowMs } = environment.context;
  const last = { epoch: group.targetEpoch, target: group.target(to.memberId) };
  if (group.targetEpoch >= epoch) return last;
  const intervalMs = draft.times.assignmentIntervalMs;
  const isDue =
    group.targetTimestampMs === 0 ||
    intervalMs === 0 ||
    nowMs >= group.targetTimestampMs + intervalMs;
  if (!isDue) return last;
  const assignor = assignorsByName.get(preferredAssignor(draft, to)) ?? assignUniformly;
  const targets = assignor(groupToAssign(draft, to));
  for (const [memberId, target] of targets) {
    const before = group.targets.get(memberId);
    if (before !== undefined && sameAssignment(before, target)) continue;
    const value = { topicPartitions: recordForm(target) };
    draft.write({ kind: "consumer-target", groupId: group.groupId, memberId, value });
  }
  draft.write({
    kind: "consumer-target-epoch",
    groupId: group.groupId,
    value: { assignmentEpoch: epoch, assignmentTimestamp: nowMs },
  });
  return { epoch, target: targets.get(to.memberId) ?? new Map<Uuid, readonly number[]>() };
}

/** A target as its record has it. */
export function recordForm(target: Assignment) {
  return toTopicPartitions(target).map(({ topicId, partitions }) => ({
    topicId,
    partitions: [...partitions],
  }));
}

/** The assignor that most members ask for; the first of the configuration when none does. */
export function preferredAssignor(
  { group, environment }: Pick<ConsumerDraft, "group" | "environment">,
  changed?: ConsumerMember,
): string {
  const votes = group.serverAssignors.copy();
  if (changed !== undefined) {
    const before = group.members.get(changed.memberId)?.serverAssignor ?? null;
    if (before !== null) votes.subtract(before);
    if (changed.serverAssignor !== null) votes.add(changed.serverAssignor);
  }
  let winner = environment.config.consumerAssignors[0] ?? "uniform";
  let most = 0;
  for (const [name, count] of votes.entries()) {
    if (count > most) [winner, most] = [name, count];
  }
  return winner;
}

function groupToAssign(draft: ConsumerDraft, to: ConsumerMember): GroupToAssign {
  const { group, environment } = draft;
  const members: MemberToAssign[] = [];
  const partitionCounts = new Map<Uuid, number>();
  const add = (member: ConsumerMember): void => {
    const names = subscribedTopicNames(group, member);
    const topicIds = existing(names, environment.topics, partitionCounts);
    const { memberId, instanceId } = member;
    members.push({ memberId, instanceId, topicIds, target: group.target(memberId) });
  };
  for (const member of group.members.values()) add(member.memberId === to.memberId ? to : member);
  if (!group.members.has(to.memberId)) add(to);
  const { isUniform } = subscriptionsAfter(group, { changed: to });
  return {
    members,
    isUniform,
    partitionCounts,
    isTargeted: (topicId, partition) => group.isTargeted(topicId, partition),
  };
}

function existing(
  names: readonly string[],
  topics: TopicMetadata,
  partitionCounts: Map<Uuid, number>,
): readonly Uuid[] {
  const topicIds: Uuid[] = [];
  for (const name of names) {
    const topic = topics.byName(name);
    if (topic === undefined) continue;
    topicIds.push(topic.id);
    partitionCounts.set(topic.id, topic.partitionCount);
  }
  return topicIds;
}
