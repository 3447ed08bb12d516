import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { defaultFormatterClass } from "./find-formatter.ts";

/** What the default formatter can be told. */
export const formatterProperties = `A property of the formatter, key=value:
 print.timestamp=true|false
 print.key=true|false
 print.offset=true|false
 print.epoch=true|false
 print.partition=true|false
 print.headers=true|false
 print.value=true|false
 key.separator=<key.separator>
 line.separator=<line.separator>
 headers.separator=<headers.separator>
 null.literal=<null.literal>
 key.deserializer=<key.deserializer>
 value.deserializer=<value.deserializer>
 headers.deserializer=<headers.deserializer>`;

/** Options of kafka-console-consumer. */
export const consoleConsumerOptions = {
  topic: { description: "The topic.", argument: "required", describedAs: "topic" },
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
  "consumer.config": {
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
    description: formatterProperties,
    argument: "required",
    describedAs: "prop",
  },
  "formatter-config": {
    description: "A file of such properties; --formatter-property stands above it.",
    argument: "required",
    describedAs: "config file",
  },
  "from-beginning": {
    description: "Begins at the first record where the group has no offset.",
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
    type: "Long",
  },
  "skip-message-on-error": { description: "Leaves out records that cannot be shown." },
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
