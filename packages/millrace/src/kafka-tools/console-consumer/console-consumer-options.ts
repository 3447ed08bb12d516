import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { consoleOptions } from "./console-options.ts";

/** Options of kafka-console-consumer. */
export const consoleConsumerOptions = {
  ...consoleOptions,
  include: {
    description: "Topics, as a regular expression.",
    argument: "required",
    describedAs: "Java regex (String)",
  },
  partition: {
    description: "The partition; from its end on unless --offset says otherwise.",
    argument: "required",
    describedAs: "partition",
    type: "Integer",
  },
  offset: {
    description: "Where to begin in it: an offset, earliest or latest.",
    argument: "required",
    describedAs: "consume offset",
    defaultsTo: "latest",
  },
  "consumer.config": {
    description: "(DEPRECATED) The old name of --command-config.",
    argument: "required",
    describedAs: "config file",
  },
  "from-beginning": {
    description: "Begins at the first record where the group has no offset.",
  },
  "timeout-ms": {
    description: "Ends when no record comes for so long.",
    argument: "required",
    describedAs: "timeout_ms",
    type: "Long",
  },
  "skip-message-on-error": { description: "Leaves out records that cannot be shown." },
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "server to connect to",
  },
  "isolation-level": {
    description: "read_committed leaves out what transactions have not committed.",
    argument: "required",
    defaultsTo: "read_uncommitted",
  },
  group: {
    description: "The consumer's group.",
    argument: "required",
    describedAs: "consumer group id",
  },
} as const satisfies OptionTable;

/** What kafka-console-consumer was told. */
export type ConsoleConsumerArguments = ParsedOptions<
  typeof consoleConsumerOptions & typeof commonOptions
>;
