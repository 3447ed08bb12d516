import type { Admin, TopicPartition } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { javaExecutionMessageOf } from "../java-message.ts";
import { readToolFile, readToolProperties, withToolAdmin } from "../open-client.ts";
import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { isTold, toolCommand } from "../tool.ts";
import { OptionError, ToolFailure } from "../tool-errors.ts";
import { parseElectionJson } from "./parse-election-json.ts";

const options = {
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "host:port",
  },
  "admin.config": {
    description: "The old name of --command-config.",
    argument: "required",
    describedAs: "config file",
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "required",
    describedAs: "Config file",
  },
  "path-to-json-file": {
    description:
      'A file with the partitions to elect leaders of:\n{"partitions":\n' +
      '  [{"topic": "foo", "partition": 1}]\n}',
    argument: "required",
    describedAs: "Path to JSON file",
  },
  topic: {
    description: "The topic of the one partition to elect a leader of.",
    argument: "required",
    describedAs: "topic name",
  },
  partition: {
    description: "The number of that partition.",
    argument: "required",
    describedAs: "partition id",
    type: "Integer",
  },
  "all-topic-partitions": { description: "Elects leaders of all partitions that need one." },
  "election-type": {
    description: "REQUIRED: preferred, or unclean where there is no leader.",
    argument: "required",
    describedAs: "election type",
  },
} as const satisfies OptionTable;

type Arguments = ParsedOptions<typeof options & typeof commonOptions>;
type ElectionType = "preferred" | "unclean";

const timeoutMs = 30_000;

/** `millrace kafka-leader-election`, as Apache Kafka's kafka-leader-election.sh. */
export const kafkaLeaderElection = toolCommand({
  description:
    "This tool attempts to elect a new leader for a set of topic partitions. " +
    "The type of elections supported are preferred replicas and unclean replicas.",
  options,
  isUsageShown: false,
  run,
});

async function run(given: Arguments, context: CommandContext): Promise<number> {
  check(given);
  const electionType = electionTypeOf(given.text("election-type") ?? "");
  const partitions = partitionsOf(given);
  const isOldName = given.has("admin.config");
  if (isOldName) {
    context.print(
      "Option --admin.config has been deprecated and will be removed in a future version. " +
        "Use --command-config instead.\n",
    );
  }
  const properties = {
    ...readToolProperties(given.text(isOldName ? "admin.config" : "command-config")),
    "bootstrap.servers": given.text("bootstrap-server") ?? "",
  };
  await withToolAdmin(properties, (admin) => elect(admin, { electionType, partitions }, context));
  return 0;
}

function check(given: Arguments): void {
  const missing = (["bootstrap-server", "election-type"] as const).filter(
    (name) => !given.has(name),
  );
  if (missing.length > 0) {
    throw new ToolFailure(`Missing required option(s): ${missing.join(", ")}`);
  }
  given.exclude("admin.config", ["command-config"]);
  const places = ["topic", "all-topic-partitions", "path-to-json-file"] as const;
  if (given.given(...places).length !== 1) {
    const named = places.join(", ");
    throw new ToolFailure(`One and only one of the following options is required: ${named}`);
  }
  if (given.has("topic") && !given.has("partition")) {
    throw new ToolFailure("Missing required option(s): partition");
  }
  if (!given.has("topic") && given.has("partition")) {
    throw new ToolFailure("Option partition is only allowed if topic is used");
  }
}

function electionTypeOf(text: string): ElectionType {
  const wanted = text.toLowerCase();
  if (wanted === "preferred" || wanted === "unclean") return wanted;
  throw new OptionError(`Cannot parse argument '${text}' of option election-type`);
}

function partitionsOf(given: Arguments): readonly TopicPartition[] | "all" {
  const path = given.text("path-to-json-file");
  if (path !== undefined) return parseElectionJson(readToolFile(path));
  const topic = given.text("topic");
  if (topic === undefined) return "all";
  return [{ topic, partition: given.integer("partition") ?? 0 }];
}

async function elect(
  admin: Admin,
  wanted: {
    readonly electionType: ElectionType;
    readonly partitions: readonly TopicPartition[] | "all";
  },
  context: CommandContext,
): Promise<void> {
  const { electionType, partitions } = wanted;
  const outcomes = await ask(admin, wanted, context);
  const type = electionType.toUpperCase();
  const entries = [...outcomes];
  const done = entries.filter(([, outcome]) => !(outcome instanceof Error)).map(([key]) => key);
  const isNeedless = (outcome: unknown): boolean =>
    outcome instanceof Error && "code" in outcome && outcome.code === "ELECTION_NOT_NEEDED";
  const needless = entries.filter(([, outcome]) => isNeedless(outcome)).map(([key]) => key);
  const failed = entries.filter(([, outcome]) => outcome instanceof Error && !isNeedless(outcome));
  if (done.length > 0) {
    const named = done.join(", ");
    context.print(`Successfully completed leader election (${type}) for partitions ${named}\n`);
  }
  if (needless.length > 0 && partitions !== "all") {
    context.print(`Valid replica already elected for partitions ${needless.join(", ")}\n`);
  }
  for (const [key, outcome] of failed) {
    if (!(outcome instanceof Error)) continue;
    const said = `${key}: ${javaExecutionMessageOf(outcome)}`;
    context.print(`Error completing leader election (${type}) for partition: ${said}\n`);
  }
  if (failed.length === 0) return;
  throw new ToolFailure(`${failed.length} replica(s) could not be elected`);
}

async function ask(
  admin: Admin,
  wanted: {
    readonly electionType: ElectionType;
    readonly partitions: readonly TopicPartition[] | "all";
  },
  context: CommandContext,
): ReturnType<Admin["electLeaders"]> {
  try {
    return await admin.electLeaders(wanted.electionType, wanted.partitions, { timeoutMs });
  } catch (error) {
    if (!isTold(error) || !("code" in error)) throw error;
    const said = wholeFailures[String(error.code)];
    if (said === undefined) throw error;
    context.print(`${said}\n`);
    throw new ToolFailure(said, { cause: error });
  }
}

const wholeFailures: Readonly<Record<string, string>> = {
  REQUEST_TIMED_OUT: "Timeout waiting for election results",
  CLUSTER_AUTHORIZATION_FAILED: "Not authorized to perform leader election",
};
