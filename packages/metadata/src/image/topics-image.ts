import type { Uuid } from "@millrace/protocol";

/** Every topic. */
export interface TopicsImage {
  readonly byId: ReadonlyMap<Uuid, TopicImage>;
  readonly byName: ReadonlyMap<string, TopicImage>;
}

/** A topic and its partitions; the index in the array is the partition's number. */
export interface TopicImage {
  readonly name: string;
  /** Kafka's 22-character form. */
  readonly id: Uuid;
  readonly partitions: readonly PartitionImage[];
}

/** A partition as the controller decided it. */
export interface PartitionImage {
  /** Brokers that hold a replica; the first is the preferred leader. */
  readonly replicas: readonly number[];
  /** For each replica, in the same order, the id of its log directory, or one of `directoryIds`. */
  readonly directories: readonly Uuid[];
  /** Replicas that have everything the leader acknowledged. */
  readonly isr: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  /** Replicas outside the ISR that still have everything acknowledged (KIP-966). */
  readonly elr: readonly number[];
  /** The last leader of a partition that lost its ISR and ELR (KIP-966). */
  readonly lastKnownElr: readonly number[];
  /** `NO_LEADER` when there is none. */
  readonly leader: number;
  /** "recovering": the leader was elected uncleanly and has not told that it has recovered. */
  readonly leaderRecoveryState: LeaderRecoveryState;
  /** Grows with each election. */
  readonly leaderEpoch: number;
  /** Grows with each change. */
  readonly partitionEpoch: number;
}

/** Whether a leader has recovered from an unclean election. */
export type LeaderRecoveryState = "recovered" | "recovering";

/** The leader of a partition that has none. */
export const NO_LEADER = -1;

/** Directory ids with a meaning of their own (KIP-858). */
export const directoryIds = {
  /** The broker has not said yet where the replica lies. */
  unassigned: "AAAAAAAAAAAAAAAAAAAAAA" as Uuid,
  /** The replica's directory failed or was removed. */
  lost: "AAAAAAAAAAAAAAAAAAAAAQ" as Uuid,
  /** The broker has one directory or an older format: not known. */
  migrating: "AAAAAAAAAAAAAAAAAAAAAg" as Uuid,
} as const;

/** Gives a partition; undefined when the topic is absent or has fewer partitions. */
export function partitionOf(
  topics: TopicsImage,
  topic: string,
  partition: number,
): PartitionImage | undefined {
  return topics.byName.get(topic)?.partitions[partition];
}
