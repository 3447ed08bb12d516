import { Command } from "@commander-js/extra-typings";
import type { Admin, ConfigEntry, TopicDescription } from "@millrace/client";
import { type PartitionFacts, partitionFacts } from "../../cluster/partition-facts.ts";
import { settled } from "../../cluster/settled.ts";
import { sizeText } from "../../output/size-text.ts";
import type { Cli } from "../../tree/cli.ts";
import { partitionColumns } from "./partitions.ts";

interface TopicFacts {
  readonly name: string;
  readonly id: string;
  readonly isInternal: boolean;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly sizeBytes: bigint;
  /** What somebody has set; all with --all. */
  readonly configs: Readonly<Record<string, string | null>>;
  readonly partitions: readonly PartitionFacts[];
}

/** `millrace topic describe NAME…`. */
export function describeTopics(cli: Cli) {
  return new Command("describe")
    .summary("topics with their configurations, leaders, offsets and sizes")
    .argument("<names...>")
    .option("-a, --all", "also the configurations that nobody has set")
    .action((names, { all }) =>
      cli.withAdmin(async (admin) => {
        const topics = settled(cli, await admin.describeTopics(names)).map(([, topic]) => topic);
        const facts = await factsOf(cli, admin, topics, all === true);
        await showTopics(cli, facts);
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic describe orders\n  millrace topic describe orders -o json\n  millrace topic describe orders --all",
    );
}

async function factsOf(
  cli: Cli,
  admin: Admin,
  topics: readonly TopicDescription[],
  hasAll: boolean,
): Promise<readonly TopicFacts[]> {
  const resources = topics.map(({ name }) => ({ type: "topic", name }) as const);
  const [partitions, outcomes] = await Promise.all([
    partitionFacts(admin, topics),
    admin.describeConfigs(resources),
  ]);
  const configs = new Map(settled(cli, outcomes));
  return topics.map(({ name, id, isInternal }) => {
    const own = partitions.filter(({ topic }) => topic === name);
    return {
      name,
      id,
      isInternal,
      partitionCount: own.length,
      replicationFactor: own[0]?.replicas.length ?? 0,
      sizeBytes: own.reduce((sum, { sizeBytes = 0n }) => sum + sizeBytes, 0n),
      configs: valuesOf(configs.get(`topic:${name}`), hasAll),
      partitions: own,
    };
  });
}

function valuesOf(
  entries: ReadonlyMap<string, ConfigEntry> | undefined,
  hasAll: boolean,
): Readonly<Record<string, string | null>> {
  const chosen = [...(entries?.values() ?? [])].filter(
    ({ source }) => hasAll || source === "DYNAMIC_TOPIC_CONFIG",
  );
  return Object.fromEntries(chosen.map(({ name, value }) => [name, value]));
}

async function showTopics(cli: Cli, topics: readonly TopicFacts[]): Promise<void> {
  if (cli.format === "csv") {
    return cli.show(
      topics.flatMap(({ partitions }) => partitions),
      partitionColumns,
    );
  }
  const isForPeople = cli.format === "table" || cli.format === "wide";
  if (!isForPeople) return cli.show(topics, [{ heading: "NAME", value: ({ name }) => name }]);
  for (const topic of topics) await showTopic(cli, topic);
}

async function showTopic(cli: Cli, topic: TopicFacts): Promise<void> {
  await cli.showFields(topic, [
    ["Topic", topic.name],
    ["Id", topic.id],
    ["Partitions", String(topic.partitionCount)],
    ["Replicas", String(topic.replicationFactor)],
    ["Size", sizeText(topic.sizeBytes)],
    ...Object.entries(topic.configs).map(([name, value]) => [name, value ?? "-"] as const),
  ]);
  cli.context.print("\n");
  await cli.show(topic.partitions, partitionColumns.slice(1));
  cli.context.print("\n");
}
