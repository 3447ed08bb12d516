import type { CommandContext } from "../../command.ts";
import { splitLines } from "../../records/split-lines.ts";
import { checkBootstrapServers } from "../bootstrap-servers.ts";
import { javaMessageOf } from "../java-message.ts";
import {
  keyValueArguments,
  readToolProperties,
  type ToolProperties,
  withToolClient,
} from "../open-client.ts";
import { producerOptions } from "../producer-properties.ts";
import { nameInUse, warnOfOldName } from "../renamed-option.ts";
import { toolCommand } from "../tool.ts";
import { ToolFailure } from "../tool-errors.ts";
import {
  type ConsoleProducerArguments,
  consoleProducerOptions,
} from "./console-producer-options.ts";
import { type LineForm, lineForm, recordOfLine } from "./line-reader.ts";

/** `millrace kafka-console-producer`, as Apache Kafka's kafka-console-producer.sh. */
export const kafkaConsoleProducer = toolCommand({
  description: "This tool helps to read data from standard input and publish it to Kafka.",
  options: consoleProducerOptions,
  isUsageShown: true,
  tellFailure: (message, context) => {
    context.printError(`org.apache.kafka.common.KafkaException: ${message}\n`);
  },
  run,
});

/** Options of ours that stand for a producer's configuration, in the order of Kafka's tool. */
const merged = [
  ["linger.ms", "timeout"],
  ["acks", "request-required-acks"],
  ["request.timeout.ms", "request-timeout-ms"],
  ["retries", "message-send-max-retries"],
  ["retry.backoff.ms", "retry-backoff-ms"],
  ["buffer.memory", "max-memory-bytes"],
  ["batch.size", "batch-size"],
  ["batch.size", "max-partition-memory-bytes"],
  ["metadata.max.age.ms", "metadata-expiry-ms"],
  ["max.block.ms", "max-block-ms"],
] as const;

const renamed = {
  config: { name: "command-config", oldName: "producer.config" },
  property: { name: "command-property", oldName: "producer-property" },
  reader: { name: "reader-property", oldName: "property" },
} as const;

const lineReaderClass = "org.apache.kafka.tools.LineMessageReader";

async function run(options: ConsoleProducerArguments, context: CommandContext): Promise<number> {
  options.require("topic");
  const configName = nameInUse(options, renamed.config);
  const propertyName = nameInUse(options, renamed.property);
  const readerName = nameInUse(options, renamed.reader);
  for (const one of [renamed.property, renamed.config, renamed.reader]) {
    if (options.has(one.oldName)) warnOfOldName(context, one, "Warning:");
  }
  const bootstrap = checkBootstrapServers(options.text("bootstrap-server"));
  const readerClass = options.text("line-reader");
  if (readerClass !== lineReaderClass) {
    throw new ToolFailure(`${readerClass}: only ${lineReaderClass} is here`);
  }
  const form = lineForm(options.text("topic") ?? "", {
    ...readToolProperties(options.text("reader-config")),
    ...keyValueArguments(options.texts(readerName)),
  });
  const given = {
    ...readToolProperties(options.text(configName)),
    ...keyValueArguments(options.texts(propertyName)),
  };
  const properties = {
    "client.id": "console-producer",
    ...given,
    ...mergedOptions(options, given),
    "bootstrap.servers": bootstrap,
    "compression.type": codecOf(options),
  };
  await produceLines({ properties, form, isSync: options.has("sync") }, context);
  return 0;
}

/** An option that was given stands above a property, which stands above the option's default. */
function mergedOptions(options: ConsoleProducerArguments, given: ToolProperties): ToolProperties {
  const result: Record<string, string> = { ...given };
  for (const [key, name] of merged) {
    const value = options.text(name);
    if ((options.has(name) || result[key] === undefined) && value !== undefined) {
      result[key] = value;
    }
  }
  return result;
}

function codecOf(options: ConsoleProducerArguments): string {
  if (!options.has("compression-codec")) return "none";
  const codec = options.text("compression-codec") ?? "";
  return codec === "" ? "gzip" : codec;
}

interface Production {
  readonly properties: ToolProperties;
  readonly form: LineForm;
  readonly isSync: boolean;
}

async function produceLines(
  { properties, form, isSync }: Production,
  context: CommandContext,
): Promise<void> {
  const { isInputTerminal } = context.terminal;
  await withToolClient(properties, async (client) => {
    await using producer = client.producer({
      ...producerOptions(properties),
      // What is lost is told, and does not end the tool; records after it go on.
      onError: (error) =>
        context.printError(
          `Error when sending message to topic ${form.topic} with error: ${javaMessageOf(error)}\n`,
        ),
    });
    let lineNumber = 0;
    if (isInputTerminal) context.print(">");
    for await (const bytes of splitLines(context.input, Buffer.from("\n"))) {
      lineNumber += 1;
      const line = bytes.toString("utf8").replace(/\r$/, "");
      const record = recordOfLine(form, line, lineNumber);
      if (isSync) await producer.send(record);
      else await producer.enqueue(record);
      if (isInputTerminal) context.print(">");
    }
    await producer.flush().catch(ignoreTold);
  });
}

/** Each loss has been told when it happened. */
function ignoreTold(error: unknown): void {
  if (error instanceof Error && error.name === "KafkaError") return;
  throw error;
}
