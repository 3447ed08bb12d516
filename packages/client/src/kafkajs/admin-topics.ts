import type { Admin as ClientAdmin } from "../admin/admin.ts";
import { type OffsetSpec } from "../admin/list-offsets.ts";
import { type Outcomes, valueOf } from "../admin/settle-each.ts";
import { topicPartitionKey } from "../admin/topic-partition.ts";
import type { NewTopic } from "../admin/topics.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { KafkaJSAggregateError, KafkaJSCreateTopicError } from "./errors.ts";
import type { PartitionMetadata, PartitionOffset } from "./types.ts";

/** A topic to create. */
export interface TopicConfig {
  readonly topic: string;
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
  readonly replicaAssignment?: readonly {
    readonly partition: number;
    readonly replicas: readonly number[];
  }[];
  readonly configEntries?: readonly { readonly name: string; readonly value: string }[];
}

/** Gives a topic to create as the client takes it. */
export function newTopicOf(config: TopicConfig): NewTopic {
  const { topic, numPartitions = -1, replicationFactor = -1, replicaAssignment = [] } = config;
  const configs = Object.fromEntries(
    (config.configEntries ?? []).map(({ name, value }) => [name, value]),
  );
  const assignments = replicaAssignment
    .toSorted((one, other) => one.partition - other.partition)
    .map(({ replicas }) => replicas);
  return {
    name: topic,
    configs,
    ...(assignments.length > 0 ? { assignments } : {}),
    ...(numPartitions > 0 ? { numPartitions } : {}),
    ...(replicationFactor > 0 ? { replicationFactor } : {}),
  };
}

/**
 * Says whether topics were created.
 * @returns false when one was there already
 * @throws KafkaJSAggregateError for other refusals
 */
export function wereCreated(outcomes: Outcomes<string, unknown>): boolean {
  const errors = failuresOf(outcomes);
  if (errors.length === 0) return true;
  if (errors.some(([, error]) => error.code === "TOPIC_ALREADY_EXISTS")) return false;
  throw new KafkaJSAggregateError(
    "Topic creation errors",
    errors.map(([topic, error]) => new KafkaJSCreateTopicError(error, topic)),
  );
}

/** Gives what failed. */
export function failuresOf<K>(outcomes: Outcomes<K, unknown>): [K, KafkaError][] {
  return [...outcomes].flatMap(([key, outcome]) =>
    outcome instanceof KafkaError ? [[key, outcome] as [K, KafkaError]] : [],
  );
}

/** @throws KafkaError the first failure */
export function throwFirst(outcomes: Outcomes<unknown, unknown>): void {
  for (const outcome of outcomes.values()) if (outcome instanceof KafkaError) throw outcome;
}

/** Gives topics and their partitions. @throws KafkaError for one that is not there */
export async function topicMetadata(
  admin: ClientAdmin,
  topics: readonly string[],
): Promise<{ name: string; partitions: PartitionMetadata[] }[]> {
  const described = await admin.describeTopics(topics);
  return topics.map((name) => ({
    name,
    partitions: valueOf(described.get(name), `describing ${name}`).partitions.map((one) => ({
      partitionErrorCode: 0,
      partitionId: one.partition,
      leader: one.leader,
      replicas: [...one.replicas],
      isr: [...one.inSyncReplicas],
      offlineReplicas: [...one.offlineReplicas],
    })),
  }));
}

/** Gives an offset of each partition of a topic. @throws KafkaError */
export async function topicOffsets(
  admin: ClientAdmin,
  topic: string,
  spec: OffsetSpec,
): Promise<PartitionOffset[]> {
  const [described] = await topicMetadata(admin, [topic]);
  const partitions = (described?.partitions ?? []).map(({ partitionId }) => partitionId);
  const questions = partitions.map((partition) => ({ topic, partition, spec }));
  const found = await admin.listOffsets(questions);
  return partitions.map((partition) => {
    const outcome = found.get(topicPartitionKey(topic, partition));
    return { partition, offset: String(valueOf(outcome, "listing offsets").offset) };
  });
}
