import type { TopicMetadata } from "../consumer/topic-metadata.ts";
import type { ConfiguredTopology } from "./configured-topology.ts";
import type { StreamsMember } from "./streams-member.ts";
import type { EndpointPartitions, NamedPartitions } from "./streams-requests.ts";
import { type TaskMap, withoutEpochs } from "./tasks.ts";

/** Tells which endpoint answers for which partitions, of all members that have an endpoint. */
export function partitionsByEndpoint(
  members: Iterable<StreamsMember>,
  configured: ConfiguredTopology,
  topics: TopicMetadata,
): readonly EndpointPartitions[] {
  const found: EndpointPartitions[] = [];
  for (const { userEndpoint, assigned } of members) {
    if (userEndpoint === null) continue;
    found.push({
      userEndpoint,
      activePartitions: inputPartitions(withoutEpochs(assigned.active), configured, topics),
      standbyPartitions: inputPartitions(assigned.standby, configured, topics),
    });
  }
  return found;
}

/** The partitions that tasks read; a topic that is smaller than the largest input ends before. */
function inputPartitions(
  tasks: TaskMap,
  { subtopologies }: ConfiguredTopology,
  topics: TopicMetadata,
): readonly NamedPartitions[] {
  const found: NamedPartitions[] = [];
  for (const [subtopologyId, taskPartitions] of tasks) {
    for (const topic of subtopologies.get(subtopologyId)?.inputTopics ?? []) {
      const count = topics.byName(topic)?.partitionCount ?? 0;
      found.push({ topic, partitions: taskPartitions.filter((partition) => partition < count) });
    }
  }
  return found;
}
