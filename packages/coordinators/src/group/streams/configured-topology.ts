import type { TopicMetadata } from "../consumer/topic-metadata.ts";
import {
  decidePartitionCounts,
  misfit,
  type PartitionCounts,
  taskCountOf,
  type TopologyProblem,
} from "./partition-counts.ts";
import type { InternalTopicToCreate, StreamsStatus } from "./streams-status.ts";
import {
  inputTopics,
  type InternalTopicInfo,
  type StreamsTopology,
  type Subtopology,
} from "./topology.ts";

/** A topology brought together with the topics of the cluster. */
export interface ConfiguredTopology {
  readonly epoch: number;
  /** By id, ascending; empty while the topics do not fit. */
  readonly subtopologies: ReadonlyMap<string, ConfiguredSubtopology>;
  /** What the group waits for; undefined when it can work. */
  readonly status: StreamsStatus | undefined;
  readonly topicsToCreate: readonly InternalTopicToCreate[];
}

/** A subtopology whose inputs are counted. */
export interface ConfiguredSubtopology {
  readonly taskCount: number;
  /** It keeps state, of which there can be standby copies. */
  readonly isStateful: boolean;
  /** Ascending. */
  readonly inputTopics: readonly string[];
  /** What the application said, with the partitions of the internal topics decided. */
  readonly value: Subtopology;
}

/** Most names that an error message lists. */
const NAMES_SHOWN = 3;

/** Brings a topology together with the topics of the cluster, or says why it makes no sense. */
export function configureTopology(
  topology: StreamsTopology,
  topics: TopicMetadata,
): ConfiguredTopology | Extract<TopologyProblem, { kind: "invalid" }> {
  const { epoch, value } = topology;
  const waiting = (status: StreamsStatus): ConfiguredTopology => {
    return { epoch, subtopologies: new Map(), status, topicsToCreate: [] };
  };
  const missing = missingSourceTopics(topology, topics);
  if (missing.length > 0) {
    const detail = `Source topics ${summary(missing)} are missing.`;
    return waiting({ code: "MISSING_SOURCE_TOPICS", detail });
  }
  const counted = decidePartitionCounts(topology, topics);
  if ("kind" in counted) {
    return counted.kind === "status" ? waiting(counted.status) : counted;
  }
  const sorted = [...value.subtopologies].sort((left, right) =>
    left.subtopologyId < right.subtopologyId ? -1 : 1,
  );
  const subtopologies = new Map<string, ConfiguredSubtopology>();
  for (const subtopology of sorted) {
    const configured = configureSubtopology(subtopology, topics, counted.counts);
    subtopologies.set(subtopology.subtopologyId, configured);
  }
  const topicsToCreate = topicsMissing(subtopologies, topics);
  if ("kind" in topicsToCreate) {
    return topicsToCreate.kind === "status" ? waiting(topicsToCreate.status) : topicsToCreate;
  }
  const names = topicsToCreate.map(({ name }) => name);
  const detail = `Internal topics are missing: ${summary(names)}`;
  const status: StreamsStatus | undefined =
    names.length === 0 ? undefined : { code: "MISSING_INTERNAL_TOPICS", detail };
  return { epoch, subtopologies, status, topicsToCreate };
}

function missingSourceTopics(topology: StreamsTopology, topics: TopicMetadata): readonly string[] {
  const sources = topology.value.subtopologies.flatMap(({ sourceTopics }) => sourceTopics);
  return [...new Set(sources)].filter((name) => topics.byName(name) === undefined).sort();
}

function configureSubtopology(
  subtopology: Subtopology,
  topics: TopicMetadata,
  counts: PartitionCounts,
): ConfiguredSubtopology {
  const counted = (info: InternalTopicInfo): InternalTopicInfo => {
    return {
      ...info,
      partitions: info.partitions === 0 ? (counts.get(info.name) ?? 0) : info.partitions,
    };
  };
  return {
    taskCount: taskCountOf(subtopology, topics, counts),
    isStateful: subtopology.stateChangelogTopics.length > 0,
    inputTopics: [...new Set(inputTopics(subtopology))].sort(),
    value: {
      ...subtopology,
      repartitionSourceTopics: subtopology.repartitionSourceTopics.map(counted),
      stateChangelogTopics: subtopology.stateChangelogTopics.map(counted),
    },
  };
}

/** The internal topics that are not there; a problem when one is that has other partitions. */
function topicsMissing(
  subtopologies: ReadonlyMap<string, ConfiguredSubtopology>,
  topics: TopicMetadata,
): readonly InternalTopicToCreate[] | TopologyProblem {
  const wanted = new Map<string, InternalTopicInfo>();
  for (const { value } of subtopologies.values()) {
    for (const info of value.repartitionSourceTopics) wanted.set(info.name, info);
    for (const info of value.stateChangelogTopics) wanted.set(info.name, info);
  }
  const missing: InternalTopicToCreate[] = [];
  for (const name of [...wanted.keys()].sort()) {
    const info = wanted.get(name);
    if (info === undefined) continue;
    const found = topics.byName(name)?.partitionCount;
    if (found === undefined) missing.push(toCreate(info));
    else if (found !== info.partitions) {
      return misfit(
        `Existing topic ${name} has different number of partitions: expected ${info.partitions}, found ${found}`,
      );
    }
  }
  return missing;
}

function toCreate(info: InternalTopicInfo): InternalTopicToCreate {
  const { name, partitions, replicationFactor, topicConfigs } = info;
  return {
    name,
    partitions,
    replicationFactor: replicationFactor === 0 ? -1 : replicationFactor,
    configs: topicConfigs.map(({ key, value }) => ({ name: key, value })),
  };
}

function summary(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  const left = names.length - NAMES_SHOWN;
  return left > 0 ? `${shown} and ${left} additional topics` : shown;
}
