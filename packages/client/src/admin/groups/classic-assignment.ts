import { readAssignment } from "../../group/classic/consumer-protocol.ts";
import { byTopic } from "../topic-partition.ts";

/** Partitions of a topic. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** Gives a member's assignment in a classic group of consumers, as its bytes have it. */
export function classicAssignment(bytes: Uint8Array): readonly TopicPartitions[] {
  return [...byTopic(readAssignment(bytes))].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map(({ partition }) => partition),
  }));
}
