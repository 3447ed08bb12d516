import type { CommandContext } from "../../command.ts";
import { keyValueArguments, readToolProperties } from "../open-client.ts";
import type { OptionSpec, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { nameInUse, warnOfOldName } from "../renamed-option.ts";
import { defaultFormatterClass, findFormatter } from "./find-formatter.ts";
import type { MessageFormatter } from "./message-formatter.ts";

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

/** Options that both console consumers have: whose records, how many, and how they are shown. */
export const consoleOptions = {
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
  "max-messages": {
    description: "Ends after so many records.",
    argument: "required",
    describedAs: "num_messages",
    type: "Integer",
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
} as const satisfies OptionTable;

/** A table that has them, whatever it says of them. */
type ConsoleTable = Readonly<Record<keyof typeof consoleOptions, OptionSpec>>;

const formatterOption = { name: "formatter-property", oldName: "property" } as const;

/** Finds the formatter that was asked for. @throws ToolUsageError when there is none */
export function formatterOf(
  options: ParsedOptions<ConsoleTable>,
  context: CommandContext,
): MessageFormatter {
  const className = options.text("formatter") ?? defaultFormatterClass;
  const complain = (message: string): void => context.printError(`${message}\n`);
  // Kafka's tool looks for the class before it looks at the properties.
  findFormatter(className, {}, complain);
  const name = nameInUse(options, formatterOption, { isOldFirst: true });
  if (options.has("property")) warnOfOldName(context, formatterOption, "Option");
  const keyClass = options.text("key-deserializer") ?? "";
  const valueClass = options.text("value-deserializer") ?? "";
  const properties = {
    ...readToolProperties(options.text("formatter-config")),
    ...(keyClass === "" ? {} : { "key.deserializer": keyClass }),
    ...(valueClass === "" ? {} : { "value.deserializer": valueClass }),
    ...keyValueArguments(options.texts(name)),
  };
  return findFormatter(className, properties, complain);
}
