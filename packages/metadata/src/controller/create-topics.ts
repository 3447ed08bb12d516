import { ZERO_UUID } from "@millrace/protocol";

import { partitionToRecord } from "../image/partition-records.ts";
import type { PartitionImage } from "../image/topics-image.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { newTopicConfigs } from "./alter-configs.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided, RECORDS_PER_REQUEST_MAX, refusedDecision } from "./decision.ts";
import type { NewPartitions } from "./new-partitions.ts";
import { placeAssigned, placePartitions } from "./new-partitions.ts";
import type { ItemError } from "./outcome.ts";
import { itemError, noError, quotaExceeded } from "./outcome.ts";
import type { CreatableTopic, CreateTopicResult, CreateTopicsInput } from "./requests.ts";
import { CollidingNames, topicNameFault } from "./topic-name.ts";
import { freshUuid } from "./uuids.ts";

/** The metadata log's own topic, which nobody creates. */
const METADATA_TOPIC = "__cluster_metadata";

type Planned =
  | { readonly partitions: readonly PartitionImage[]; readonly configs: readonly MetadataRecord[] }
  | { readonly fault: ItemError };

/** Decides CreateTopics: one result per name, in the order asked; a refusal stops no other. */
export function decideCreateTopics(
  context: DecisionContext,
  input: CreateTopicsInput,
): Decision<readonly CreateTopicResult[]> {
  const format = metadataFormatOf(context.image.features.metadataVersion);
  const names = countNames(input.topics);
  const taken = new CollidingNames(context.image.topics.byName.keys());
  const records: MetadataRecord[] = [];
  const results: CreateTopicResult[] = [];
  for (const topic of input.topics) {
    const count = names.get(topic.name);
    if (count === undefined) continue;
    names.delete(topic.name);
    const planned =
      count > 1
        ? { fault: itemError("INVALID_REQUEST", `Topic '${topic.name}' is named more than once.`) }
        : charged(planTopic(context, topic, taken), input);
    if ("fault" in planned) {
      results.push(failed(topic.name, planned.fault));
      continue;
    }
    const { partitions, configs } = planned;
    const topicId = freshUuid(context.random);
    taken.add(topic.name);
    records.push({ type: "TopicRecord", version: 0, data: { name: topic.name, topicId } });
    // Kafka's order: the topic, its configurations, its partitions.
    records.push(...configs);
    for (const [partitionId, partition] of partitions.entries()) {
      const version = format.partitionRecordVersion;
      records.push(partitionToRecord(partition, { topicId, partitionId, version }));
    }
    results.push({
      ...noError,
      name: topic.name,
      topicId,
      numPartitions: partitions.length,
      replicationFactor: partitions[0]?.replicas.length ?? -1,
    });
    if (records.length > RECORDS_PER_REQUEST_MAX) {
      return refusedDecision("POLICY_VIOLATION", "The request has too many partitions.");
    }
  }
  return decided(input.validateOnly ? [] : records, results);
}

function planTopic(
  context: DecisionContext,
  topic: CreatableTopic,
  taken: CollidingNames,
): Planned {
  const fault = nameFault(context, topic.name, taken);
  if (fault !== undefined) return { fault };
  const configs = newTopicConfigs(context, topic);
  if ("fault" in configs) return configs;
  const placed = placeTopic(context, topic);
  if (placed.kind === "fault") return { fault: placed.fault };
  return { partitions: placed.partitions, configs: configs.records };
}

function charged(planned: Planned, { chargePartitions }: CreateTopicsInput): Planned {
  if ("fault" in planned || chargePartitions === undefined) return planned;
  return chargePartitions(planned.partitions.length) ? planned : { fault: quotaExceeded };
}

function nameFault(
  context: DecisionContext,
  name: string,
  taken: CollidingNames,
): ItemError | undefined {
  if (name === METADATA_TOPIC) {
    return itemError("INVALID_REQUEST", `Creation of internal topic ${name} is prohibited.`);
  }
  const fault = topicNameFault(name);
  if (fault !== undefined) return itemError("INVALID_TOPIC_EXCEPTION", fault);
  const { byName } = context.image.topics;
  if (byName.has(name)) return itemError("TOPIC_ALREADY_EXISTS", `Topic '${name}' already exists.`);
  const other = taken.collidingTopic(name);
  if (other === undefined) return undefined;
  return itemError("INVALID_TOPIC_EXCEPTION", `Topic '${name}' collides with topic '${other}'.`);
}

function placeTopic(context: DecisionContext, topic: CreatableTopic): NewPartitions {
  if (topic.assignments.length > 0) return placeManually(context, topic);
  const { defaults } = context;
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
    const message = "The replication factor must be larger than 0, or -1 for the default.";
    return { kind: "fault", fault: itemError("INVALID_REPLICATION_FACTOR", message) };
  }
  if (topic.numPartitions < -1 || topic.numPartitions === 0) {
    const message = "The number of partitions must be larger than 0, or -1 for the default.";
    return { kind: "fault", fault: itemError("INVALID_PARTITIONS", message) };
  }
  const partitionCount = topic.numPartitions === -1 ? defaults.numPartitions : topic.numPartitions;
  if (partitionCount > RECORDS_PER_REQUEST_MAX) {
    const message = `A request creates at most ${RECORDS_PER_REQUEST_MAX} partitions.`;
    return { kind: "fault", fault: itemError("POLICY_VIOLATION", message) };
  }
  const replicationFactor =
    topic.replicationFactor === -1 ? defaults.replicationFactor : topic.replicationFactor;
  return placePartitions(context, { partitionCount, replicationFactor });
}

function placeManually(context: DecisionContext, topic: CreatableTopic): NewPartitions {
  if (topic.replicationFactor !== -1 || topic.numPartitions !== -1) {
    const message = "With an assignment, replication factor and number of partitions must be -1.";
    return { kind: "fault", fault: itemError("INVALID_REQUEST", message) };
  }
  const byPartition = new Map(
    topic.assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds]),
  );
  const ordered = topic.assignments.map((_, index) => byPartition.get(index) ?? []);
  if (byPartition.size !== topic.assignments.length || !isConsecutive(byPartition)) {
    const message = "The assignment must name each partition from 0 on exactly once.";
    return { kind: "fault", fault: itemError("INVALID_REPLICA_ASSIGNMENT", message) };
  }
  return placeAssigned(context, ordered, { firstPartition: 0 });
}

function isConsecutive(byPartition: ReadonlyMap<number, unknown>): boolean {
  return [...byPartition.keys()].every((index) => index >= 0 && index < byPartition.size);
}

function countNames(topics: readonly CreatableTopic[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of topics) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function failed(name: string, fault: ItemError): CreateTopicResult {
  return { ...fault, name, topicId: ZERO_UUID, numPartitions: -1, replicationFactor: -1 };
}
