import type { Uuid } from "@millrace/protocol";

/** A share partition: a partition as one share group knows it. */
export interface SharePartitionKey {
  readonly groupId: string;
  readonly topicId: Uuid;
  readonly partition: number;
}

/**
 * The name that a share partition's coordinator is found by, as in FindCoordinator:
 * groupId:topicId:partition.
 */
export function sharePartitionName({ groupId, topicId, partition }: SharePartitionKey): string {
  return `${groupId}:${topicId}:${partition}`;
}
