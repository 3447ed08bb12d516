import type { CommandContext } from "../../command.ts";
import { ToolFailure, ToolUsageError } from "../tool-errors.ts";
import { reportOptions, type TopicArguments } from "./topic-options.ts";

type Name = Parameters<TopicArguments["has"]>[0];

/** In the order in which Kafka's tool looks at them. */
const actions = ["alter", "create", "describe", "list", "delete"] as const;

/**
 * Checks what goes with what.
 * @throws ToolUsageError, ToolFailure in the words of Kafka's tool.
 */
export function checkTopicOptions(options: TopicArguments, context: CommandContext): void {
  if (options.given(...actions).length !== 1) {
    throw new ToolUsageError(
      "Command must include exactly one action: --list, --describe, --create, --alter or --delete",
    );
  }
  if (options.has("delete-config")) {
    context.printError(
      "delete-config option is no longer supported and deprecated since version 4.0. " +
        "The config will be fully removed in future releases.\n",
    );
  }
  checkRequired(options, context);
  checkExcluded(options);
}

function checkRequired(options: TopicArguments, context: CommandContext): void {
  if (!options.has("bootstrap-server")) {
    throw new ToolFailure("--bootstrap-server must be specified");
  }
  if (options.has("describe") && options.has("if-exists")) {
    const named = options.given("topic", "topic-id").length;
    if (named === 0) {
      throw new ToolUsageError("--topic or --topic-id is required to describe a topic");
    }
    if (named === 2) {
      context.print(
        "Only topic id will be used when both --topic and --topic-id are specified " +
          "and topicId is not Uuid.ZERO_UUID\n",
      );
    }
  }
  if (!options.has("list") && !options.has("describe")) options.require("topic");
  if (!options.has("alter")) return;
  if (options.has("config")) {
    throw new ToolUsageError(
      'Option combination "[[bootstrap-server], [config]]" can\'t be used with option "[alter]" ' +
        "(To alter topic configurations, the kafka-configs tool can be used.)",
    );
  }
  options.require("partitions");
}

/** Each option, and the actions that it goes with. */
const goesWith: readonly (readonly [Name, readonly Name[]])[] = [
  ["config", ["alter", "create"]],
  ["partitions", ["alter", "create"]],
  ["replication-factor", ["create"]],
  ["replica-assignment", ["alter", "create"]],
];

const reportsGoWith: readonly (readonly [Name, readonly Name[]])[] = [
  ["if-exists", ["alter", "delete", "describe"]],
  ["if-not-exists", ["create"]],
  ["exclude-internal", ["list", "describe"]],
];

function checkExcluded(options: TopicArguments): void {
  for (const [name, allowed] of goesWith) options.exclude(name, actionsBut(allowed));
  if (options.has("create")) {
    options.exclude("replica-assignment", ["partitions", "replication-factor"]);
  }
  for (const name of reportOptions) {
    options.exclude(name, [...actionsBut(["describe"]), "topics-with-overrides"]);
  }
  options.exclude("topics-with-overrides", [...actionsBut(["describe"]), ...reportOptions]);
  for (const [name, allowed] of reportsGoWith) options.exclude(name, actionsBut(allowed));
}

function actionsBut(allowed: readonly Name[]): readonly Name[] {
  return actions.filter((action) => !allowed.includes(action));
}
