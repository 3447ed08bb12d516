import { KafkaError } from "../errors/kafka-error.ts";

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition as a key of results: `orders-0`. */
export type TopicPartitionKey = `${string}-${number}`;

/** Gives the key of a partition in results. */
export function topicPartitionKey(topic: string, partition: number): TopicPartitionKey {
  return `${topic}-${partition}`;
}

/**
 * Gives the partition of a key of results.
 * @throws KafkaError INVALID_ARGUMENT for a text that is none
 */
export function parseTopicPartition(key: string): TopicPartition {
  const dash = key.lastIndexOf("-");
  const partition = Number(key.slice(dash + 1));
  if (dash < 1 || key.length === dash + 1 || !Number.isSafeInteger(partition)) {
    throw new KafkaError("INVALID_ARGUMENT", `${key} is not a topic and a partition`);
  }
  return { topic: key.slice(0, dash), partition };
}

/** Gives the keys of partitions with what was said of each; the last word wins. */
export function byPartition<T extends TopicPartition>(
  given: Iterable<T>,
): ReadonlyMap<TopicPartitionKey, T> {
  return new Map([...given].map((one) => [topicPartitionKey(one.topic, one.partition), one]));
}

/** Gives partitions topic by topic, as requests name them. */
export function byTopic<T extends TopicPartition>(given: Iterable<T>): ReadonlyMap<string, T[]> {
  const topics = new Map<string, T[]>();
  for (const one of given) {
    const partitions = topics.get(one.topic);
    if (partitions === undefined) topics.set(one.topic, [one]);
    else partitions.push(one);
  }
  return topics;
}
