import type { CommandContext } from "../../command.ts";
import { ToolUsageError } from "../tool-errors.ts";
import {
  type ConsumerGroupArguments,
  groupActions,
  resetScenarios,
} from "./consumer-group-options.ts";

/** Checks what goes with what. @throws ToolUsageError in the words of Kafka's tool. */
export function checkConsumerGroupOptions(
  options: ConsumerGroupArguments,
  context: CommandContext,
): void {
  if (!options.has("validate-regex")) options.require("bootstrap-server");
  if (options.has("describe")) checkDescribe(options);
  if (options.has("delete")) {
    requireGroups(options, "delete");
    if (options.has("topic")) {
      throw new ToolUsageError(
        "The consumer does not support topic-specific offset deletion from a consumer group.",
      );
    }
  }
  if (options.has("delete-offsets") && options.given("group", "topic").length < 2) {
    throw new ToolUsageError(
      "Option [delete-offsets] takes the following options: [group], [topic]",
    );
  }
  if (options.has("reset-offsets")) checkReset(options, context);
  options.exclude("group", ["all-groups"]);
  options.exclude("group", ["list"]);
  options.exclude("topic", ["list", "describe"]);
  if (options.given(...groupActions).length === 1) return;
  const actions = groupActions.map((action) => `--${action}`).join(", ");
  throw new ToolUsageError(`Command must include exactly one action: ${actions}`);
}

function checkDescribe(options: ConsumerGroupArguments): void {
  requireGroups(options, "describe");
  if (options.given("members", "offsets", "state").length > 1) {
    throw new ToolUsageError(
      "Option [describe] takes at most one of these options: [members], [offsets], [state]",
    );
  }
  if (options.has("state") && options.text("state") !== undefined) {
    throw new ToolUsageError("Option [describe] does not take a value for [state]");
  }
}

function requireGroups(options: ConsumerGroupArguments, action: string): void {
  if (options.given("group", "all-groups").length > 0) return;
  throw new ToolUsageError(`Option [${action}] takes one of these options: [group], [all-groups]`);
}

function checkReset(options: ConsumerGroupArguments, context: CommandContext): void {
  const modes = options.given("dry-run", "execute");
  if (modes.length === 2) {
    throw new ToolUsageError("Option [reset-offsets] only accepts one of [execute] and [dry-run]");
  }
  if (modes.length === 0) {
    context.printError(
      "WARN: No action will be performed as the --execute option is missing. In version 5.0, " +
        "this command will require either --dry-run or --execute to be specified. You should add " +
        "the --dry-run option explicitly if you are scripting this command and want to keep the " +
        "current default behavior without prompting.\n",
    );
  }
  requireGroups(options, "reset-offsets");
  for (const scenario of resetScenarios) {
    options.exclude(
      scenario,
      resetScenarios.filter((other) => other !== scenario),
    );
  }
}
