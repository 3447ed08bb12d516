import type { Uuid } from "@millrace/protocol";

import { isActive, isReplicaOnline } from "./cluster-view.ts";
import { directoryIds } from "../image/topics-image.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided } from "./decision.ts";
import { topicFactsOf } from "./leadership.ts";
import { noError, itemError } from "./outcome.ts";
import type { ItemError } from "./outcome.ts";
import { decidePartitionChange } from "./partition-change.ts";
import { brokerEpochFault } from "./register-broker.ts";
import type { AssignReplicaResult, AssignReplicasToDirsInput } from "./requests.ts";

/**
 * Decides AssignReplicasToDirs: notes in which directory of a broker each of its replicas lies. A
 * partition without a leader gets one where that shows a replica to be there; a replica in a lost
 * directory is in sync no more.
 */
export function decideAssignReplicas(
  context: DecisionContext,
  input: AssignReplicasToDirsInput,
): Decision<readonly AssignReplicaResult[]> {
  const fault = brokerEpochFault(context, input);
  if (fault !== undefined) return { records: [], answer: fault };
  const records: MetadataRecord[] = [];
  const results: AssignReplicaResult[] = [];
  for (const { id: directoryId, topics } of input.directories) {
    for (const { topicId, partitions } of topics) {
      for (const { partitionIndex } of partitions) {
        const place = { brokerId: input.brokerId, directoryId, topicId, partitionIndex };
        const assigned = assignReplica(context, place);
        if ("record" in assigned) records.push(assigned.record);
        const outcome = "fault" in assigned ? assigned.fault : noError;
        results.push({ ...outcome, directoryId, topicId, partitionIndex });
      }
    }
  }
  return decided(records, results);
}

interface ReplicaPlace {
  readonly brokerId: number;
  readonly directoryId: Uuid;
  readonly topicId: Uuid;
  readonly partitionIndex: number;
}

function assignReplica(
  context: DecisionContext,
  place: ReplicaPlace,
): { readonly record: MetadataRecord } | { readonly fault: ItemError } {
  const { image } = context;
  const topic = image.topics.byId.get(place.topicId);
  if (topic === undefined) return { fault: itemError("UNKNOWN_TOPIC_ID", "No such topic.") };
  const partition = topic.partitions[place.partitionIndex];
  if (partition === undefined) {
    return { fault: itemError("UNKNOWN_TOPIC_OR_PARTITION", "No such partition.") };
  }
  const index = partition.replicas.indexOf(place.brokerId);
  if (index === -1) {
    const message = `Broker ${place.brokerId} holds no replica of this partition.`;
    return { fault: itemError("NOT_LEADER_OR_FOLLOWER", message) };
  }
  if (partition.directories[index] === place.directoryId) return { fault: noError };
  const directories = partition.directories.with(index, place.directoryId);
  const isLost = place.directoryId === directoryIds.lost;
  const moved = { ...partition, directories };
  const isKnown = isLost || isReplicaOnline(image, moved, place.brokerId);
  if (!isKnown) {
    const message = `Broker ${place.brokerId} has no working directory ${place.directoryId}.`;
    return { fault: itemError("INVALID_REQUEST", message) };
  }
  const record = decidePartitionChange({
    ...topicFactsOf(context, topic),
    partition,
    partitionId: place.partitionIndex,
    format: metadataFormatOf(image.features.metadataVersion),
    targetIsr: partition.isr.filter((broker) => !isLost || broker !== place.brokerId),
    directories: new Map([[place.brokerId, place.directoryId]]),
    isAcceptableLeader: (broker) =>
      isActive(image, broker) && isReplicaOnline(image, moved, broker),
  });
  return record === undefined ? { fault: noError } : { record };
}
