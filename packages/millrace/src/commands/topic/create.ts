import { Command } from "@commander-js/extra-typings";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { count } from "../../tree/global-options.ts";
import { pairs } from "../../tree/pairs.ts";

interface CreatedRow {
  readonly name: string;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly id: string;
}

const columns: readonly Column<CreatedRow>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "PARTITIONS", value: ({ partitionCount }) => partitionCount, isNumber: true },
  { heading: "REPLICAS", value: ({ replicationFactor }) => replicationFactor, isNumber: true },
  { heading: "ID", value: ({ id }) => id },
];

/** `millrace topic create NAME…`. */
export function createTopics(cli: Cli) {
  return new Command("create")
    .summary("create topics")
    .argument("<names...>")
    .option("-p, --partitions <count>", "the brokers' num.partitions when not given", count)
    .option("-r, --replicas <count>", "the brokers' default when not given", count)
    .option("--config <key=value>", "a topic's configuration", pairs)
    .option("--if-not-exists", "one that is there already is no failure")
    .option("--dry-run", "ask whether it could be done, and do nothing")
    .action((names, options) =>
      cli.withAdmin(async (admin) => {
        const topics = names.map((name) => ({
          name,
          ...(options.partitions === undefined ? {} : { numPartitions: options.partitions }),
          ...(options.replicas === undefined ? {} : { replicationFactor: options.replicas }),
          ...(options.config === undefined ? {} : { configs: options.config }),
        }));
        const outcomes = await admin.createTopics(topics, {
          validateOnly: options.dryRun ?? false,
        });
        if (options.ifNotExists === true) {
          for (const [name, outcome] of outcomes) {
            if (!(outcome instanceof Error) || outcome.code !== "TOPIC_ALREADY_EXISTS") continue;
            outcomes.delete(name);
            cli.note(`${name} is there already`);
          }
        }
        const created = settled(cli, outcomes).map(([name, topic]) => ({
          name,
          partitionCount: topic.numPartitions,
          replicationFactor: topic.replicationFactor,
          id: topic.id,
        }));
        if (options.dryRun === true) cli.note("Nothing was created: --dry-run.");
        await cli.show(created, columns);
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic create orders\n  millrace topic create orders payments -p 12 -r 3\n  millrace topic create users --config cleanup.policy=compact --if-not-exists",
    );
}
