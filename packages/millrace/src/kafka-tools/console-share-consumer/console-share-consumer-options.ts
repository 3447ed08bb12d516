import { consoleOptions, formatterProperties } from "../console-consumer/console-options.ts";
import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";

/** Options of kafka-console-share-consumer. */
export const consoleShareConsumerOptions = {
  ...consoleOptions,
  "consumer-config": {
    description: "(DEPRECATED) The old name of --command-config.",
    argument: "required",
    describedAs: "config file",
  },
  "formatter-property": {
    description: `${formatterProperties}\n print.delivery=true|false`,
    argument: "required",
    describedAs: "prop",
  },
  "timeout-ms": {
    description: "Ends when no record comes for so long.",
    argument: "required",
    describedAs: "timeout_ms",
    type: "Integer",
  },
  "reject-message-on-error": { description: "Rejects records that cannot be shown." },
  reject: { description: "Rejects records once they are shown." },
  release: { description: "Gives records back once they are shown." },
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "server to connect to",
  },
  group: {
    description: "The share group; share when it is left out.",
    argument: "required",
    describedAs: "share group id",
  },
} as const satisfies OptionTable;

/** What kafka-console-share-consumer was told. */
export type ConsoleShareConsumerArguments = ParsedOptions<
  typeof consoleShareConsumerOptions & typeof commonOptions
>;
