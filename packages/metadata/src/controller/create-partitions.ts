import { partitionToRecord } from "../image/partition-records.ts";
import type { TopicImage } from "../image/topics-image.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided, RECORDS_PER_REQUEST_MAX, refusedDecision } from "./decision.ts";
import type { NewPartitions } from "./new-partitions.ts";
import { placeAssigned, placePartitions } from "./new-partitions.ts";
import type { ItemError } from "./outcome.ts";
import { itemError, noError, quotaExceeded } from "./outcome.ts";
import type { CreatePartitionsInput, CreatePartitionsResult } from "./requests.ts";

type AskedTopic = CreatePartitionsInput["topics"][number];

/** Decides CreatePartitions: one result per topic, in the order asked. */
export function decideCreatePartitions(
  context: DecisionContext,
  input: CreatePartitionsInput,
): Decision<readonly CreatePartitionsResult[]> {
  const format = metadataFormatOf(context.image.features.metadataVersion);
  const version = format.partitionRecordVersion;
  const records: MetadataRecord[] = [];
  const results: CreatePartitionsResult[] = [];
  const seen = new Set<string>();
  for (const asked of input.topics) {
    if (seen.has(asked.name)) {
      const fault = itemError("INVALID_REQUEST", `Topic '${asked.name}' is named more than once.`);
      results.push({ ...fault, name: asked.name });
      continue;
    }
    seen.add(asked.name);
    const topic = context.image.topics.byName.get(asked.name);
    const placed = placeMore(context, asked, topic);
    if (placed.kind === "fault" || topic === undefined) {
      results.push({ ...(placed.kind === "fault" ? placed.fault : noError), name: asked.name });
      continue;
    }
    if (input.chargePartitions?.(placed.partitions.length) === false) {
      results.push({ ...quotaExceeded, name: asked.name });
      continue;
    }
    for (const [index, partition] of placed.partitions.entries()) {
      const partitionId = topic.partitions.length + index;
      records.push(partitionToRecord(partition, { topicId: topic.id, partitionId, version }));
    }
    results.push({ ...noError, name: asked.name });
    if (records.length > RECORDS_PER_REQUEST_MAX) {
      return refusedDecision("POLICY_VIOLATION", "The request has too many partitions.");
    }
  }
  return decided(input.validateOnly ? [] : records, results);
}

function placeMore(
  context: DecisionContext,
  asked: AskedTopic,
  topic: TopicImage | undefined,
): NewPartitions {
  if (topic === undefined) {
    return { kind: "fault", fault: { error: "UNKNOWN_TOPIC_OR_PARTITION", errorMessage: null } };
  }
  const fault = countFault(asked, topic);
  if (fault !== undefined) return { kind: "fault", fault };
  const partitionCount = asked.count - topic.partitions.length;
  const replicationFactor = topic.partitions[0]?.replicas.length ?? 1;
  if (asked.assignments === null) {
    return placePartitions(context, { partitionCount, replicationFactor });
  }
  const replicas = asked.assignments.map(({ brokerIds }) => brokerIds);
  const firstPartition = topic.partitions.length;
  return placeAssigned(context, replicas, { firstPartition, replicationFactor });
}

function countFault(asked: AskedTopic, topic: TopicImage): ItemError | undefined {
  const existing = topic.partitions.length;
  if (asked.count === existing) {
    return itemError("INVALID_PARTITIONS", `Topic already has ${existing} partition(s).`);
  }
  if (asked.count < existing) {
    const has = `The topic ${asked.name} currently has ${existing} partition(s)`;
    const message = `${has}; ${asked.count} would not be an increase.`;
    return itemError("INVALID_PARTITIONS", message);
  }
  const additional = asked.count - existing;
  if (additional > RECORDS_PER_REQUEST_MAX) {
    const message = `A request creates at most ${RECORDS_PER_REQUEST_MAX} partitions.`;
    return itemError("POLICY_VIOLATION", message);
  }
  if (asked.assignments === null || asked.assignments.length === additional) return undefined;
  const given = asked.assignments.length;
  const wanted = `Attempted to add ${additional} additional partition(s)`;
  const message = `${wanted}, but only ${given} assignment(s) were specified.`;
  return itemError("INVALID_REPLICA_ASSIGNMENT", message);
}
