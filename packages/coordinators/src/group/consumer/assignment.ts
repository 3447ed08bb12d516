import type { Uuid } from "@millrace/protocol";

/** Partitions by topic id, ascending; a topic without partitions is not in it. */
export type Assignment = ReadonlyMap<Uuid, readonly number[]>;

/**
 * The partitions of a member with the member epoch since which it has each: a commit with an older
 * epoch comes from before the partition was its own.
 */
export type OwnedPartitions = ReadonlyMap<Uuid, ReadonlyMap<number, number>>;

/** Partitions as they stand in requests, answers and records. */
export interface TopicPartitions {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}

/** No partitions. */
export const NOTHING_ASSIGNED: Assignment = new Map();

/** No partitions. */
export const NOTHING_OWNED: OwnedPartitions = new Map();

/** Whether two assignments are the same. */
export function sameAssignment(left: Assignment, right: Assignment): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [topicId, partitions] of left) {
    const others = right.get(topicId);
    if (others === undefined || others.length !== partitions.length) return false;
    if (partitions.some((partition, index) => partition !== others[index])) return false;
  }
  return true;
}

/** Whether two members' partitions are the same, since the same epochs. */
export function sameOwned(left: OwnedPartitions, right: OwnedPartitions): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [topicId, partitions] of left) {
    const others = right.get(topicId);
    if (others === undefined || others.size !== partitions.size) return false;
    for (const [partition, epoch] of partitions) {
      if (others.get(partition) !== epoch) return false;
    }
  }
  return true;
}

/** Whether the same partitions are owned, whatever their epochs. */
export function samePartitions(left: OwnedPartitions, right: OwnedPartitions): boolean {
  return left === right || sameAssignment(partitionsOf(left), partitionsOf(right));
}

/** The partitions without their epochs. */
export function partitionsOf(owned: OwnedPartitions): Assignment {
  const assignment = new Map<Uuid, readonly number[]>();
  for (const [topicId, partitions] of owned) assignment.set(topicId, sorted(partitions.keys()));
  return assignment;
}

/** The form of requests, answers and records. */
export function toTopicPartitions(assignment: Assignment): TopicPartitions[] {
  return [...assignment].map(([topicId, partitions]) => ({ topicId, partitions }));
}

/** Reads the form of requests, answers and records; what is named twice counts once. */
export function fromTopicPartitions(topics: readonly TopicPartitions[]): Assignment {
  const assignment = new Map<Uuid, readonly number[]>();
  for (const { topicId, partitions } of topics) {
    if (partitions.length > 0) assignment.set(topicId, sorted(new Set(partitions)));
  }
  return assignment;
}

/** The partitions owned since one epoch. */
export function ownedSince(assignment: Assignment, epoch: number): OwnedPartitions {
  const owned = new Map<Uuid, ReadonlyMap<number, number>>();
  for (const [topicId, partitions] of assignment) {
    owned.set(topicId, new Map(partitions.map((partition) => [partition, epoch])));
  }
  return owned;
}

function sorted(partitions: Iterable<number>): number[] {
  return [...partitions].sort((left, right) => left - right);
}
