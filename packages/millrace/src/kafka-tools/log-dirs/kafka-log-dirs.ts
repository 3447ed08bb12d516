import { type LogDirs, parseTopicPartition } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { javaErrorClassOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { outcomeOf } from "../outcome.ts";
import { toolCommand } from "../tool.ts";
import { ToolFailure } from "../tool-errors.ts";

const options = {
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "The server(s) to use for bootstrapping",
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "required",
    describedAs: "Admin client property file",
  },
  describe: { description: "Shows log directories." },
  "topic-list": {
    description: "Only these topics, with commas between.",
    argument: "required",
    describedAs: "Topic list",
    defaultsTo: "",
  },
  "broker-list": {
    description: "Only these brokers, with commas between.",
    argument: "required",
    describedAs: "Broker list",
    defaultsTo: "",
  },
} as const satisfies OptionTable;

/** `millrace kafka-log-dirs`, as Apache Kafka's kafka-log-dirs.sh. */
export const kafkaLogDirs = toolCommand({
  description: "This tool helps to query log directory usage on the specified brokers.",
  options,
  isUsageShown: false,
  run,
});

async function run(
  given: ParsedOptions<typeof options & typeof commonOptions>,
  context: CommandContext,
): Promise<number> {
  given.require("bootstrap-server", "describe");
  const properties = {
    ...readToolProperties(given.text("command-config")),
    "bootstrap.servers": given.text("bootstrap-server") ?? "",
  };
  const topics = listed(given.text("topic-list"));
  await withToolAdmin(properties, async (admin) => {
    const { brokers } = await admin.describeCluster();
    const known = brokers.map(({ id }) => id);
    const wanted = listed(given.text("broker-list")).map(brokerIdOf);
    const unknown = wanted.filter((id) => !known.includes(id));
    if (unknown.length > 0) {
      throw new ToolFailure(
        `ERROR: The given brokers do not exist from --broker-list: ${unknown.join(",")}. ` +
          `Current existent brokers: ${known.join(",")}`,
      );
    }
    const asked = wanted.length === 0 ? known : [...new Set(wanted)];
    context.print("Querying brokers for log directories information\n");
    const described = await admin.describeLogDirs(asked);
    const told = asked.map((id) => brokerJson(id, outcomeOf(described, id), topics));
    context.print(`Received log directory information from brokers ${asked.join(",")}\n`);
    context.print(`{"brokers":[${told.join(",")}],"version":1}\n`);
  });
  return 0;
}

function listed(text = ""): readonly string[] {
  return text.split(",").filter((word) => word !== "");
}

function brokerIdOf(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new ToolFailure(`For input string: "${text}"`);
}

function brokerJson(id: number, directories: LogDirs, topics: readonly string[]): string {
  const told = [...directories].map(([path, outcome]) => {
    const isError = outcome instanceof Error;
    const error = isError ? JSON.stringify(javaErrorClassOf(outcome)) : "null";
    const replicas = isError ? [] : [...outcome.replicas];
    const partitions = replicas
      .filter(([key]) => topics.length === 0 || topics.includes(parseTopicPartition(key).topic))
      .map(([key, { sizeBytes, offsetLag, isFuture }]) => {
        const size = `"size":${sizeBytes},"offsetLag":${offsetLag}`;
        return `{"partition":${JSON.stringify(key)},${size},"isFuture":${isFuture}}`;
      });
    const logDir = JSON.stringify(path);
    return `{"partitions":[${partitions.join(",")}],"error":${error},"logDir":${logDir}}`;
  });
  return `{"broker":${id},"logDirs":[${told.join(",")}]}`;
}
