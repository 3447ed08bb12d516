import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";

/** Options of kafka-consumer-groups. */
export const consumerGroupOptions = {
  "bootstrap-server": {
    description: "Brokers to connect to; needed unless for --validate-regex.",
    argument: "required",
    describedAs: "server to connect to",
  },
  group: { description: "The group.", argument: "required", describedAs: "consumer group" },
  topic: {
    description: "A topic, or some of its partitions, topic1:0,1,2; several times for several.",
    argument: "required",
    describedAs: "topic",
  },
  "all-topics": { description: "With --reset-offsets: all topics that the group has offsets of." },
  list: { description: "Lists groups of consumers." },
  describe: { description: "Shows a group's offsets and lag, its members, or its state." },
  "all-groups": { description: "All groups of consumers." },
  delete: { description: "Deletes groups with their offsets." },
  timeout: {
    description: "How long a call may take, a group that settles included.",
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
      "Moves a group's offsets, while it has no members. --dry-run, which is the default, only " +
      "shows them; --execute does it; --export shows them as CSV. Which offsets: --to-datetime, " +
      "--by-duration, --to-earliest, --to-latest, --shift-by, --from-file, --to-current or " +
      "--to-offset. Of what: --all-topics or --topic.",
  },
  "delete-offsets": { description: "Deletes a group's offsets of topics." },
  "dry-run": { description: "With --reset-offsets: only shows them." },
  execute: { description: "With --reset-offsets: does it." },
  export: { description: "With --reset-offsets: shows them as CSV." },
  "to-offset": {
    description: "To this offset.",
    argument: "required",
    describedAs: "offset",
    type: "Long",
  },
  "from-file": {
    description: "To the offsets of a CSV file.",
    argument: "required",
    describedAs: "path to CSV file",
  },
  "to-datetime": {
    description: "To the first record from this time on: YYYY-MM-DDThh:mm:ss.sss",
    argument: "required",
    describedAs: "datetime",
  },
  "by-duration": {
    description: "To the first record of the last while: PnDTnHnMnS",
    argument: "required",
    describedAs: "duration",
  },
  "to-earliest": { description: "To the first record." },
  "to-latest": { description: "After the last record." },
  "to-current": { description: "To where it is." },
  "shift-by": {
    description: "By so many records, back when it is negative.",
    argument: "required",
    describedAs: "number-of-offsets",
    type: "Long",
  },
  members: { description: "With --describe: its members.", availableIf: ["describe"] },
  verbose: { description: "With --describe: more of it.", availableIf: ["describe"] },
  offsets: {
    description: "With --describe: its offsets and lag, as without.",
    availableIf: ["describe"],
  },
  state: {
    description: "With --describe: its state. With --list: states too, or only groups in them.",
    argument: "optional",
    availableIf: ["describe", "list"],
  },
  type: {
    description: "With --list: types too, or only groups of them.",
    argument: "optional",
    availableIf: ["list"],
  },
  "validate-regex": {
    description: "Says whether a regular expression is one.",
    argument: "required",
    describedAs: "regex",
  },
} as const satisfies OptionTable;

/** What kafka-consumer-groups was told. */
export type ConsumerGroupArguments = ParsedOptions<
  typeof consumerGroupOptions & typeof commonOptions
>;

/** What it can do, of which one is to be told. */
export const groupActions = [
  "list",
  "describe",
  "delete",
  "reset-offsets",
  "delete-offsets",
  "validate-regex",
] as const;

/** Which offsets a group is moved to, of which one is to be told. */
export const resetScenarios = [
  "to-offset",
  "shift-by",
  "to-datetime",
  "by-duration",
  "to-earliest",
  "to-latest",
  "to-current",
  "from-file",
] as const;
