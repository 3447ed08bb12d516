import type { Uuid } from "@millrace/protocol";
import type { TopicPartition } from "../group/membership.ts";

/** A partition that a share group's member reads, with the id that requests name its topic by. */
export interface SharePartition extends TopicPartition {
  readonly topicId: Uuid;
}

/** One text for a partition, by which it is looked up. */
export function sharePartitionKey(topicId: Uuid, partition: number): string {
  return `${topicId}:${partition}`;
}
