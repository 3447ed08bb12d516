import type {
  ConfigEntry,
  PartitionDescription,
  PartitionReassignment,
  TopicDescription,
} from "@millrace/client";
import { outcomeOf } from "../outcome.ts";
import { ToolFailure } from "../tool-errors.ts";
import { existingTopics } from "./existing-topics.ts";
import { reportOptions, type TopicArguments } from "./topic-options.ts";
import type { TopicTask } from "./topic-task.ts";

/** What is known of a topic. */
interface Facts {
  readonly topic: TopicDescription;
  readonly configs: ReadonlyMap<string, ConfigEntry>;
  readonly moves: ReadonlyMap<string, PartitionReassignment>;
  readonly liveBrokers: ReadonlySet<number>;
}

const partitionsPerAnswer = 2000;
const zeroUuid = "AAAAAAAAAAAAAAAAAAAAAA";

/** Shows topics and their partitions, or those partitions that a report is about. */
export async function describeTopics(task: TopicTask): Promise<void> {
  const { admin, options, context } = task;
  const topics = await describedTopics(task);
  const configs = await admin.describeConfigs(
    topics.map(({ name }) => ({ type: "topic", name }) as const),
  );
  const { brokers } = await admin.describeCluster();
  const liveBrokers = new Set<number>(brokers.map(({ id }) => id));
  const places = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => ({ topic: name, partition })),
  );
  const moves = places.length === 0 ? new Map() : await admin.listPartitionReassignments(places);
  for (const topic of topics) {
    const own = outcomeOf(configs, `topic:${topic.name}` as const);
    context.print(describe({ topic, configs: own, moves, liveBrokers }, options));
  }
}

async function describedTopics(task: TopicTask): Promise<readonly TopicDescription[]> {
  const { admin, options } = task;
  const id = options.text("topic-id");
  if (id !== undefined && id !== zeroUuid) return describedById(task, id);
  const names = await existingTopics(task, { isRequired: !options.has("if-exists") });
  if (names.length === 0) return [];
  const described = await admin.describeTopics(names, {
    partitionSizeLimitPerResponse:
      options.integer("partition-size-limit-per-response") ?? partitionsPerAnswer,
  });
  return names.map((name) => outcomeOf(described, name));
}

async function describedById(
  { admin, options }: TopicTask,
  wanted: string,
): Promise<readonly TopicDescription[]> {
  const listed = await admin.listTopics({ listInternal: !options.has("exclude-internal") });
  const found = [...listed.values()].find(({ id }) => id === wanted);
  if (found !== undefined) {
    const described = await admin.describeTopics({ ids: [found.id] });
    return [outcomeOf(described, found.id)];
  }
  if (options.has("if-exists")) return [];
  throw new ToolFailure(`TopicId '${wanted}' does not exist as expected`);
}

function describe(facts: Facts, options: TopicArguments): string {
  const { topic, configs, moves } = facts;
  const isReport = options.given(...reportOptions).length > 0;
  const ownConfigs = [...configs.values()].filter(({ isDefault }) => !isDefault);
  const lines: string[] = [];
  const isOverridesOnly = options.has("topics-with-overrides");
  if (!isReport && (!isOverridesOnly || ownConfigs.length > 0)) {
    lines.push(topicLine(facts, ownConfigs));
  }
  if (!isOverridesOnly) {
    const shown = topic.partitions
      .toSorted((a, b) => a.partition - b.partition)
      .filter((one) => !isReport || isReported(one, facts, options));
    lines.push(
      ...shown.map((one) =>
        partitionLine(topic.name, one, moves.get(`${topic.name}-${one.partition}`)),
      ),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

function topicLine({ topic, moves }: Facts, ownConfigs: readonly ConfigEntry[]): string {
  const first = topic.partitions.find(({ partition }) => partition === 0);
  const count =
    first === undefined ? 0 : replicaCount(first, moves.get(`${topic.name}-${first.partition}`));
  const configs = ownConfigs.map(({ name, value }) => `${name}=${value ?? "null"}`).join(",");
  return [
    `Topic: ${topic.name}`,
    ...(topic.id === zeroUuid ? [] : [`TopicId: ${topic.id}`]),
    `PartitionCount: ${topic.partitions.length}`,
    `ReplicationFactor: ${count}`,
    `Configs: ${configs}`,
  ].join("\t");
}

function partitionLine(
  topic: string,
  partition: PartitionDescription,
  move: PartitionReassignment | undefined,
): string {
  const { leader, eligibleLeaderReplicas, lastKnownEligibleLeaderReplicas } = partition;
  const moved =
    move === undefined
      ? []
      : [
          `Adding Replicas: ${move.addingReplicas.join(",")}`,
          `Removing Replicas: ${move.removingReplicas.join(",")}`,
        ];
  return [
    `\tTopic: ${topic}`,
    `Partition: ${partition.partition}`,
    `Leader: ${leader < 0 ? "none" : leader}`,
    `Replicas: ${partition.replicas.join(",")}`,
    `Isr: ${partition.inSyncReplicas.join(",")}`,
    ...moved,
    `Elr: ${eligibleLeaderReplicas?.join(",") ?? "N/A"}`,
    `LastKnownElr: ${lastKnownEligibleLeaderReplicas?.join(",") ?? "N/A"}`,
  ].join("\t");
}

/** While a partition moves, those that it moves to do not count. */
function replicaCount(
  { replicas }: PartitionDescription,
  move: PartitionReassignment | undefined,
): number {
  if (move === undefined) return replicas.length;
  const changing = new Set([...move.addingReplicas, ...move.removingReplicas]);
  const isMoving = replicas.some((id) => changing.has(id));
  return isMoving ? move.replicas.length - move.addingReplicas.length : replicas.length;
}

function isReported(
  partition: PartitionDescription,
  { topic, configs, moves, liveBrokers }: Facts,
  options: TopicArguments,
): boolean {
  const { leader, inSyncReplicas } = partition;
  const least = Number(configs.get("min.insync.replicas")?.value ?? 1);
  const count = replicaCount(partition, moves.get(`${topic.name}-${partition.partition}`));
  const holds = {
    "under-replicated-partitions": count > inSyncReplicas.length,
    "under-min-isr-partitions": leader < 0 || inSyncReplicas.length < least,
    "at-min-isr-partitions": inSyncReplicas.length === least,
    "unavailable-partitions": leader < 0 || !liveBrokers.has(leader),
  };
  return reportOptions.some((name) => options.has(name) && holds[name]);
}
