import { formatterProperties } from "../console-consumer/console-consumer-options.ts";
import { defaultFormatterClass } from "../console-consumer/find-formatter.ts";
import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";

/** Options of kafka-console-share-consumer. */
export const consoleShareConsumerOptions = {
  topic: { description: "The topic.", argument: "required", describedAs: "topic" },
  "consumer-property": {
    description: "(DEPRECATED) The old name of --command-property.",
    argument: "required",
    describedAs: "consumer_prop",
  },
  "command-property": {
    description: "A property of the consumer, key=value.",
    argument: "required",
    describedAs: "consumer_prop",
  },
  "consumer-config": {
    description: "(DEPRECATED) The old name of --command-config.",
    argument: "required",
    describedAs: "config file",
  },
  "command-config": {
    description: "A file of such properties; --command-property stands above it.",
    argument: "required",
    describedAs: "config file",
  },
  formatter: {
    description: "The class that shows records: Kafka's default one, or its NoOpMessageFormatter.",
    argument: "required",
    describedAs: "class",
    defaultsTo: defaultFormatterClass,
  },
  property: {
    description: "(DEPRECATED) The old name of --formatter-property.",
    argument: "required",
    describedAs: "prop",
  },
  "formatter-property": {
    description: `${formatterProperties}\n print.delivery=true|false`,
    argument: "required",
    describedAs: "prop",
  },
  "formatter-config": {
    description: "A file of such properties; --formatter-property stands above it.",
    argument: "required",
    describedAs: "config file",
  },
  "max-messages": {
    description: "Ends after so many records.",
    argument: "required",
    describedAs: "num_messages",
    type: "Integer",
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
  "key-deserializer": {
    description: "The class that reads keys.",
    argument: "required",
    describedAs: "deserializer for keys",
  },
  "value-deserializer": {
    description: "The class that reads values.",
    argument: "required",
    describedAs: "deserializer for values",
  },
  "enable-systest-events": { description: "Tells its end, for system tests." },
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
