import type { AssignorMember, TopicPartition } from "../membership.ts";

/** Compares by UTF-16 units, as Java compares strings. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Topic first, then partition. */
export function compareByTopic(left: TopicPartition, right: TopicPartition): number {
  return compareText(left.topic, right.topic) || left.partition - right.partition;
}

/** Partition first, then topic. */
export function compareByPartition(left: TopicPartition, right: TopicPartition): number {
  return left.partition - right.partition || compareText(left.topic, right.topic);
}

/**
 * Static members first, by instance id; the others by member id. A static member that comes back
 * has a new member id and keeps its place.
 */
export function compareMembers(left: AssignorMember, right: AssignorMember): number {
  if (left.groupInstanceId !== undefined && right.groupInstanceId !== undefined) {
    return compareText(left.groupInstanceId, right.groupInstanceId);
  }
  if (left.groupInstanceId !== undefined) return -1;
  if (right.groupInstanceId !== undefined) return 1;
  return compareText(left.memberId, right.memberId);
}
