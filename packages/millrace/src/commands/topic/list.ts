import { Command } from "@commander-js/extra-typings";
import type { Admin, TopicListing } from "@millrace/client";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

interface TopicRow {
  readonly name: string;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly id: string;
  readonly isInternal: boolean;
}

const columns: readonly Column<TopicRow>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "PARTITIONS", value: ({ partitionCount }) => partitionCount, isNumber: true },
  { heading: "REPLICAS", value: ({ replicationFactor }) => replicationFactor, isNumber: true },
  { heading: "ID", value: ({ id }) => id, isWide: true },
  { heading: "INTERNAL", value: ({ isInternal }) => isInternal, isWide: true },
];

/** `millrace topic list`. */
export function listTopics(cli: Cli) {
  return new Command("list")
    .alias("ls")
    .summary("the topics there are")
    .option("--internal", "also the brokers' own, such as __consumer_offsets")
    .action(({ internal }) =>
      cli.withAdmin(async (admin) => {
        const listed = await admin.listTopics({ listInternal: internal === true });
        const topics = [...listed.values()].toSorted((left, right) =>
          left.name < right.name ? -1 : 1,
        );
        await cli.show(await rowsOf(cli, admin, topics), columns);
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic list\n  millrace topic list --internal -o wide\n  millrace topic list -o name | xargs -n1 millrace topic describe",
    );
}

/** Names are in the list already: partitions are asked for where they are shown. */
async function rowsOf(
  cli: Cli,
  admin: Admin,
  topics: readonly TopicListing[],
): Promise<readonly TopicRow[]> {
  if (cli.format === "name") {
    return topics.map((one) => ({ ...one, partitionCount: 0, replicationFactor: 0 }));
  }
  const described = await admin.describeTopics(topics.map(({ name }) => name));
  return settled(cli, described).map(([name, { id, isInternal, partitions }]) => ({
    name,
    partitionCount: partitions.length,
    replicationFactor: partitions[0]?.replicas.length ?? 0,
    id,
    isInternal,
  }));
}
