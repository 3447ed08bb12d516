import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { ToolUsageError } from "../tool-errors.ts";

/** Options of kafka-share-groups. */
export const shareGroupOptions = {
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "server to connect to",
  },
  group: { description: "The share group.", argument: "required", describedAs: "share group" },
  topic: {
    description: "A topic, or with --reset-offsets some of its partitions, topic1:0,1,2.",
    argument: "required",
    describedAs: "topic",
  },
  "all-topics": { description: "With --reset-offsets: all topics of the group." },
  list: { description: "Lists share groups." },
  describe: { description: "Shows a group's offsets, its members, or its state." },
  "all-groups": { description: "All share groups." },
  delete: { description: "Deletes share groups." },
  timeout: {
    description: "How long a call may take.",
    argument: "required",
    describedAs: "timeout (ms)",
    type: "Long",
    defaultsTo: "30000",
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "required",
    describedAs: "command config property file",
  },
  "reset-offsets": {
    description:
      "Moves where a group begins, while it has no members: --to-datetime, --to-earliest or " +
      "--to-latest, of --all-topics or --topic. --dry-run only shows it; --execute does it.",
  },
  "delete-offsets": { description: "Makes a group forget topics." },
  "dry-run": { description: "With --reset-offsets: only shows them." },
  execute: { description: "With --reset-offsets: does it." },
  "to-datetime": {
    description: "To the first record from this time on: YYYY-MM-DDThh:mm:ss.sss",
    argument: "required",
    describedAs: "datetime",
  },
  "to-earliest": { description: "To the first record." },
  "to-latest": { description: "After the last record." },
  members: { description: "With --describe: its members.", availableIf: ["describe"] },
  offsets: {
    description: "With --describe: its offsets, as without.",
    availableIf: ["describe"],
  },
  state: {
    description: "With --describe: its state. With --list: states too, or only groups in them.",
    argument: "optional",
    availableIf: ["describe", "list"],
  },
  verbose: { description: "With --describe: more of it.", availableIf: ["describe"] },
} as const satisfies OptionTable;

/** What kafka-share-groups was told. */
export type ShareGroupArguments = ParsedOptions<typeof shareGroupOptions & typeof commonOptions>;

const actions = ["list", "describe", "delete", "reset-offsets", "delete-offsets"] as const;
const scenarios = ["to-datetime", "to-earliest", "to-latest"] as const;

/** Checks what goes with what. @throws ToolUsageError in the words of Kafka's tool. */
export function checkShareGroupOptions(options: ShareGroupArguments): void {
  options.require("bootstrap-server");
  if (options.has("describe")) checkDescribe(options);
  if (options.has("delete")) checkDelete(options);
  if (options.has("delete-offsets") && options.given("group", "topic").length < 2) {
    throw new ToolUsageError(
      "Option [delete-offsets] takes the following options: [group], [topic]",
    );
  }
  if (options.has("reset-offsets")) checkReset(options);
  options.exclude("group", ["all-groups"]);
  options.exclude("group", ["list"]);
  options.exclude("topic", ["list", "describe"]);
  if (options.given(...actions).length === 1) return;
  const named = actions.map((action) => `--${action}`).join(", ");
  throw new ToolUsageError(`Command must include exactly one action: ${named}.`);
}

function checkDescribe(options: ShareGroupArguments): void {
  if (options.given("group", "all-groups").length === 0) {
    throw new ToolUsageError("Option [describe] takes one of these options: [group], [all-groups]");
  }
  if (options.given("members", "offsets", "state").length > 1) {
    throw new ToolUsageError(
      "Option [describe] takes at most one of these options: [members], [offsets], [state]",
    );
  }
  if (options.has("state") && options.text("state") !== undefined) {
    throw new ToolUsageError("Option [describe] does not take a value for [state]");
  }
}

function checkDelete(options: ShareGroupArguments): void {
  const groups = options.given("group", "all-groups");
  if (groups.length === 0) {
    throw new ToolUsageError("Option [delete] takes the options [group] or [all-groups]");
  }
  if (groups.length === 2) {
    throw new ToolUsageError("Option [delete] takes either [group] or [all-groups], not both.");
  }
  if (options.has("topic")) {
    throw new ToolUsageError("Option [delete] does not take the option: [topic]");
  }
}

function checkReset(options: ShareGroupArguments): void {
  const modes = options.given("dry-run", "execute");
  if (modes.length === 2) {
    throw new ToolUsageError("Option [reset-offsets] only accepts one of [execute] and [dry-run]");
  }
  if (modes.length === 0) {
    throw new ToolUsageError("Option [reset-offsets] takes the option: [execute] or [dry-run]");
  }
  if (!options.has("group")) {
    throw new ToolUsageError("Option [reset-offsets] takes the option: [group]");
  }
  if (options.given("all-topics", "topic").length === 0) {
    throw new ToolUsageError(
      "Option [reset-offsets] takes one of these options: [all-topics], [topic]",
    );
  }
  for (const scenario of scenarios) {
    options.exclude(
      scenario,
      scenarios.filter((other) => other !== scenario),
    );
  }
}
