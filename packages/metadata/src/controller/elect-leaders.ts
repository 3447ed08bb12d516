import { NO_LEADER } from "../image/topics-image.ts";
import type { TopicImage } from "../image/topics-image.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { isActive, isElrEnabled, isReplicaOnline, minInsyncReplicasOf } from "./cluster-view.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided, refusedDecision } from "./decision.ts";
import type { ItemError } from "./outcome.ts";
import { itemError, noError } from "./outcome.ts";
import { decidePartitionChange } from "./partition-change.ts";
import type { ElectLeaderResult, ElectLeadersInput } from "./requests.ts";

type ElectionKind = "preferred" | "unclean";

const electionKinds = ["preferred", "unclean"] as const;

/**
 * Decides ElectLeaders: one result per partition asked. For all partitions (null) those that need
 * no election are left out, as Kafka does.
 */
export function decideElectLeaders(
  context: DecisionContext,
  input: ElectLeadersInput,
): Decision<readonly ElectLeaderResult[]> {
  const kind = electionKinds[input.electionType];
  if (kind === undefined) {
    return refusedDecision("INVALID_REQUEST", `Unknown election type ${input.electionType}.`);
  }
  const isEveryPartition = input.topicPartitions === null;
  const asked = input.topicPartitions ?? everyPartition(context);
  const records: MetadataRecord[] = [];
  const results: ElectLeaderResult[] = [];
  for (const { topic, partitions } of asked) {
    for (const partitionId of partitions) {
      const elected = electLeader(context, { topic, partitionId, kind });
      if ("record" in elected) records.push(elected.record);
      const fault = "fault" in elected ? elected.fault : noError;
      if (isEveryPartition && fault.error === "ELECTION_NOT_NEEDED") continue;
      results.push({ ...fault, topic, partitionId });
    }
  }
  return decided(records, results);
}

function electLeader(
  context: DecisionContext,
  place: { readonly topic: string; readonly partitionId: number; readonly kind: ElectionKind },
): { readonly record: MetadataRecord } | { readonly fault: ItemError } {
  const { image } = context;
  const { kind, partitionId } = place;
  const topic = image.topics.byName.get(place.topic);
  const partition = topic?.partitions[partitionId];
  if (topic === undefined || partition === undefined) {
    const message = `There is no partition ${place.topic}-${partitionId}.`;
    return { fault: itemError("UNKNOWN_TOPIC_OR_PARTITION", message) };
  }
  const isNeeded =
    kind === "preferred"
      ? partition.leader !== partition.replicas[0]
      : partition.leader === NO_LEADER;
  if (!isNeeded) {
    return { fault: itemError("ELECTION_NOT_NEEDED", "The partition has such a leader already.") };
  }
  const record = decidePartitionChange({
    partition,
    partitionId,
    topicId: topic.id,
    format: metadataFormatOf(image.features.metadataVersion),
    isElrEnabled: isElrEnabled(image),
    minInsyncReplicas: minInsyncReplicasOf(context, topic),
    election: kind,
    isAcceptableLeader: (id) => isActive(image, id) && isReplicaOnline(image, partition, id),
  });
  if (record !== undefined) return { record };
  return {
    fault:
      kind === "preferred"
        ? itemError("PREFERRED_LEADER_NOT_AVAILABLE", "The preferred leader is not available.")
        : itemError("ELIGIBLE_LEADERS_NOT_AVAILABLE", "No replica is available."),
  };
}

function everyPartition(context: DecisionContext) {
  const partitionsOf = (topic: TopicImage) => [...topic.partitions.keys()];
  return [...context.image.topics.byName.values()].map((topic) => ({
    topic: topic.name,
    partitions: partitionsOf(topic),
  }));
}
