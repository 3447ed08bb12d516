import type { Admin } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { checkBootstrapServers } from "../bootstrap-servers.ts";
import { javaExecutionMessageOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { outcomeOf } from "../outcome.ts";
import { toolCommand } from "../tool.ts";
import { ToolFailure } from "../tool-errors.ts";
import { offsetSpecOf } from "./offset-time.ts";
import { type PartitionRule, ruleOfTopicAndPartitions, rulesOfList } from "./partition-rule.ts";

const options = {
  "bootstrap-server": {
    description: "REQUIRED. Brokers to connect to, HOST1:PORT1,HOST2:PORT2.",
    argument: "required",
    describedAs: "HOST1:PORT1,...,HOST3:PORT3",
  },
  "topic-partitions": {
    description:
      "Topics with their partitions. Before the colon a regular expression or nothing; behind it " +
      "a number, a range without its end, one of both, or nothing.",
    argument: "required",
    describedAs: "topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3",
  },
  topic: {
    description: "Topics, a regular expression; not with --topic-partitions.",
    argument: "required",
    describedAs: "topic",
  },
  partitions: {
    description: "Partitions by their numbers; not with --topic-partitions.",
    argument: "required",
    describedAs: "partition ids",
  },
  time: {
    description: "Which offset: of the first record from that timestamp on, or by name.",
    argument: "required",
    describedAs:
      "<timestamp> / -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or " +
      "earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload",
    defaultsTo: "latest",
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "required",
    describedAs: "config file",
  },
  "exclude-internal-topics": { description: "Without the brokers' own topics." },
} as const satisfies OptionTable;

type Arguments = ParsedOptions<typeof options & typeof commonOptions>;

/** `millrace kafka-get-offsets`, as Apache Kafka's kafka-get-offsets.sh. */
export const kafkaGetOffsets = toolCommand({
  description: "An interactive shell for getting topic-partition offsets.",
  options,
  isUsageShown: false,
  tellFailure: (message, context) => context.printError(`Error occurred: ${message}\n`),
  run,
});

async function run(given: Arguments, context: CommandContext): Promise<number> {
  given.require("bootstrap-server");
  const bootstrap = checkBootstrapServers(given.text("bootstrap-server"));
  if (given.has("topic-partitions") && given.given("topic", "partitions").length > 0) {
    throw new ToolFailure("--topic-partitions cannot be used with --topic or --partitions");
  }
  const spec = offsetSpecOf(given.text("time") ?? "latest");
  const list = given.text("topic-partitions");
  const rule =
    list === undefined
      ? ruleOfTopicAndPartitions(given.text("topic"), given.text("partitions"))
      : rulesOfList(list);
  const properties = {
    ...readToolProperties(given.text("command-config")),
    "bootstrap.servers": bootstrap,
    "client.id": "GetOffsetShell",
  };
  await withToolAdmin(properties, async (admin) => {
    const places = await findPartitions(admin, rule, given.has("exclude-internal-topics"));
    if (places.length === 0) {
      throw new ToolFailure("Could not match any topic-partitions with the specified filters");
    }
    const found = await admin.listOffsets(places.map((place) => ({ ...place, spec })));
    for (const [place, outcome] of found) {
      if (outcome instanceof Error) {
        const said = `due to error: ${javaExecutionMessageOf(outcome)}`;
        context.printError(`Skip getting offsets for topic-partition ${place} ${said}\n`);
        continue;
      }
      if (outcome.offset < 0n) continue;
      const at = place.lastIndexOf("-");
      context.print(`${place.slice(0, at)}:${place.slice(at + 1)}:${outcome.offset}\n`);
    }
  });
  return 0;
}

async function findPartitions(
  admin: Admin,
  rule: PartitionRule,
  isInternalLeftOut: boolean,
): Promise<readonly { readonly topic: string; readonly partition: number }[]> {
  const listed = await admin.listTopics({ listInternal: !isInternalLeftOut });
  const topics = [...listed.keys()].filter((topic) => rule.isTopicMeant(topic));
  if (topics.length === 0) return [];
  const described = await admin.describeTopics(topics);
  const places = topics.flatMap((topic) =>
    outcomeOf(described, topic)
      .partitions.map(({ partition }) => ({ topic, partition }))
      .filter(({ partition }) => rule.isPartitionMeant(topic, partition)),
  );
  // By their text, so that partition 10 stands before partition 2.
  const textOf = (place: { readonly topic: string; readonly partition: number }): string =>
    `${place.topic}-${place.partition}`;
  return places.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}
