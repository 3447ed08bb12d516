import type { TopicMetadata } from "../consumer/topic-metadata.ts";
import type { StreamsStatus } from "./streams-status.ts";
import { inputTopics, type StreamsTopology, type Subtopology } from "./topology.ts";

/** Why a topology cannot be brought together with the topics of the cluster. */
export type TopologyProblem =
  /** The cluster has to change: members are told so, and wait. */
  | { readonly kind: "status"; readonly status: StreamsStatus }
  /** It makes no sense in any cluster. */
  | { readonly kind: "invalid"; readonly message: string };

/** The partitions that each internal topic of a topology is to have. */
export type PartitionCounts = ReadonlyMap<string, number>;

type Counted = { readonly counts: Map<string, number> } | TopologyProblem;

/**
 * Decides how many partitions the internal topics need: a repartition topic as many as the largest
 * input of the subtopology that writes it, or as its copartition group; a changelog topic as many
 * as its subtopology has tasks.
 */
export function decidePartitionCounts(topology: StreamsTopology, topics: TopicMetadata): Counted {
  const counted = countRepartitionTopics(topology, topics);
  if ("kind" in counted) return counted;
  const { counts } = counted;
  const problem = enforceCopartitioning(topology, topics, counts);
  if (problem !== undefined) return problem;
  for (const subtopology of topology.value.subtopologies) {
    const taskCount = taskCountOf(subtopology, topics, counts);
    if (taskCount === 0) {
      return invalid(`No source topics found for subtopology ${subtopology.subtopologyId}`);
    }
    for (const { name } of subtopology.stateChangelogTopics) counts.set(name, taskCount);
  }
  return { counts };
}

/** How many tasks a subtopology has: the partitions of its largest input; 0 without inputs. */
export function taskCountOf(
  subtopology: Subtopology,
  topics: TopicMetadata,
  counts: PartitionCounts,
): number {
  let most = 0;
  for (const name of inputTopics(subtopology)) {
    most = Math.max(most, topics.byName(name)?.partitionCount ?? counts.get(name) ?? 0);
  }
  return most;
}

function countRepartitionTopics(topology: StreamsTopology, topics: TopicMetadata): Counted {
  const { subtopologies } = topology.value;
  const counts = new Map<string, number>();
  for (const { name, partitions } of subtopologies.flatMap((one) => one.repartitionSourceTopics)) {
    if (partitions !== 0) counts.set(name, partitions);
  }
  let isUndecided = true;
  while (isUndecided) {
    const decidedBefore = counts.size;
    isUndecided = countSinks(subtopologies, topics, counts);
    if (isUndecided && counts.size === decidedBefore) {
      return invalid(
        "Failed to compute number of partitions for all repartition topics. There may be loops in the topology that cannot be resolved.",
      );
    }
  }
  const isUnwritten = subtopologies
    .flatMap((one) => one.repartitionSourceTopics)
    .some(({ name }) => !counts.has(name));
  if (isUnwritten) {
    return invalid(
      "Failed to compute number of partitions for all repartition topics, because a repartition source topic is never used as a sink topic.",
    );
  }
  return { counts };
}

/** Counts the topics whose writers are known by now; gives whether any is left. */
function countSinks(
  subtopologies: readonly Subtopology[],
  topics: TopicMetadata,
  counts: Map<string, number>,
): boolean {
  let isUndecided = false;
  for (const subtopology of subtopologies) {
    for (const sink of subtopology.repartitionSinkTopics) {
      if (counts.has(sink)) continue;
      const count = largestKnownInput(subtopology, topics, counts);
      if (count === 0) isUndecided = true;
      else counts.set(sink, count);
    }
  }
  return isUndecided;
}

function largestKnownInput(
  { sourceTopics, repartitionSourceTopics }: Subtopology,
  topics: TopicMetadata,
  counts: PartitionCounts,
): number {
  let most = 0;
  for (const { name } of repartitionSourceTopics) most = Math.max(most, counts.get(name) ?? 0);
  for (const name of sourceTopics) most = Math.max(most, topics.byName(name)?.partitionCount ?? 0);
  return most;
}

/** What copartitioning looks at. */
interface Copartitioning {
  readonly countOf: (topic: string) => number;
  /** Repartition topics whose count the application has fixed, and those it has not. */
  readonly fixed: ReadonlySet<string>;
  readonly flexible: ReadonlySet<string>;
  readonly counts: Map<string, number>;
}

/** Gives the topics of each copartition group the same count, or tells why that cannot be. */
function enforceCopartitioning(
  topology: StreamsTopology,
  topics: TopicMetadata,
  counts: Map<string, number>,
): TopologyProblem | undefined {
  const { subtopologies } = topology.value;
  const infos = subtopologies.flatMap((one) => one.repartitionSourceTopics);
  const names = (isFixed: boolean): Set<string> =>
    new Set(
      infos.filter(({ partitions }) => (partitions !== 0) === isFixed).map((info) => info.name),
    );
  const context: Copartitioning = {
    countOf: (topic) => topics.byName(topic)?.partitionCount ?? counts.get(topic) ?? 0,
    fixed: names(true),
    flexible: names(false),
    counts,
  };
  for (const subtopology of subtopologies) {
    for (const group of subtopology.copartitionGroups) {
      const members = copartitionedTopics(subtopology, group);
      if (members === undefined) {
        return invalid(`A copartition group of ${subtopology.subtopologyId} names no topic.`);
      }
      const problem = enforceGroup(members, context);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function copartitionedTopics(
  { sourceTopics, repartitionSourceTopics }: Subtopology,
  group: Subtopology["copartitionGroups"][number],
): ReadonlySet<string> | undefined {
  const names = [
    ...group.sourceTopics.map((index) => sourceTopics[index]),
    ...group.repartitionSourceTopics.map((index) => repartitionSourceTopics[index]?.name),
  ];
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? new Set(known) : undefined;
}

function enforceGroup(
  group: ReadonlySet<string>,
  context: Copartitioning,
): TopologyProblem | undefined {
  const { countOf, fixed, flexible, counts } = context;
  const all = [...group].sort();
  const repartition = all.filter((topic) => fixed.has(topic) || flexible.has(topic));
  const external = all.filter((topic) => !repartition.includes(topic));
  if (all.length === 0) return undefined;
  // As in Apache Kafka 4.3, fixed topics of other groups count here too.
  const deciding = external.length > 0 ? external : [...fixed];
  const decided = deciding.map(countOf);
  if (new Set(decided).size > 1) {
    const shown = external.length > 0 ? external : repartition;
    const list = shown.map((topic) => `${topic}=${countOf(topic)}`).join(", ");
    return misfit(`Following topics do not have the same number of partitions: [{${list}}]`);
  }
  const count = decided[0] ?? Math.max(...repartition.map(countOf));
  if (count === 0) {
    return invalid(
      `All topics in the copartition group had undefined partition number: [${all.join(", ")}]`,
    );
  }
  for (const topic of repartition) {
    const wanted = countOf(topic);
    if (fixed.has(topic) && wanted !== count) {
      return misfit(
        `Number of partitions [${wanted}] of repartition topic [${topic}] doesn't match number of partitions [${count}] of the source topic.`,
      );
    }
  }
  for (const topic of repartition) counts.set(topic, count);
  return undefined;
}

/** The topics of the cluster do not fit the topology. */
export function misfit(detail: string): TopologyProblem {
  return { kind: "status", status: { code: "INCORRECTLY_PARTITIONED_TOPICS", detail } };
}

function invalid(message: string): TopologyProblem {
  return { kind: "invalid", message };
}
