import type { Consumer, ConsumerRecord, OffsetInput } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { consumerOptions } from "../consumer-properties.ts";
import { withToolClient } from "../open-client.ts";
import { isTold, toolCommand } from "../tool.ts";
import {
  type ConsoleConsumerArguments,
  consoleConsumerOptions,
} from "./console-consumer-options.ts";
import { ConflictingReset, type Consumption, consumptionOf } from "./consumption.ts";
import { IdleWatch } from "./idle-watch.ts";
import { type ConsumptionProgress, tellConsumption } from "./tell-consumption.ts";

/** `millrace kafka-console-consumer`, as Apache Kafka's kafka-console-consumer.sh. */
export const kafkaConsoleConsumer = toolCommand({
  description: "This tool helps to read data from Kafka topics and outputs it to standard output.",
  options: consoleConsumerOptions,
  isUsageShown: true,
  run,
});

async function run(options: ConsoleConsumerArguments, context: CommandContext): Promise<number> {
  let consumption: Consumption;
  try {
    consumption = consumptionOf(options, context);
  } catch (error) {
    if (!(error instanceof ConflictingReset)) throw error;
    context.printError(`${error.message}\n`);
    return 1;
  }
  const isForSystemTest = options.has("enable-systest-events");
  return tellConsumption(context, { isForSystemTest }, (progress) =>
    consume(consumption, context, progress),
  );
}

async function consume(
  consumption: Consumption,
  context: CommandContext,
  progress: ConsumptionProgress,
): Promise<void> {
  const { properties, recordsMax } = consumption;
  if (recordsMax !== undefined && recordsMax <= 0) return;
  const options = consumerOptions(properties);
  await withToolClient(properties, async (client) => {
    await using consumer = client.consumer(options);
    await place(consumer, consumption);
    using watch = new IdleWatch(context.clock, consumption.timeoutMs);
    const signal = AbortSignal.any([context.interruption(), watch.signal]);
    const shown = new Map<string, OffsetInput>();
    for await (const record of consumer.records({ signal })) {
      watch.note();
      progress.recordCount += 1;
      await show(consumption, record, context);
      const { topic, partition, offset } = record;
      shown.set(`${topic}-${partition}`, { topic, partition, offset: offset + 1n });
      if (progress.recordCount === recordsMax) break;
    }
    const isMember = consumption.partition === undefined;
    if (!isMember || options.autoCommit === false) return;
    // The last record before the end does not count as finished by itself.
    await consumer.commit([...shown.values()]);
  });
}

async function place(consumer: Consumer, consumption: Consumption): Promise<void> {
  const { topic, include, partition, offset } = consumption;
  if (topic === undefined) {
    await consumer.subscribe({ pattern: `^(?:${include ?? ""})$` });
    return;
  }
  if (partition === undefined) {
    await consumer.subscribe(topic);
    return;
  }
  if (typeof offset === "bigint") {
    consumer.assign([{ topic, partition, offset }]);
    return;
  }
  consumer.assign([{ topic, partition }]);
  if (offset === "earliest") consumer.seekToBeginning();
  else consumer.seekToEnd();
}

async function show(
  { formatter, isErrorSkipped }: Consumption,
  record: ConsumerRecord,
  context: CommandContext,
): Promise<void> {
  const { timestampType, timestamp, partition, offset, headers, key, value } = record;
  try {
    // The epoch is not handed on by Kafka's tool either.
    const shown = { timestampType, timestamp, partition, offset, headers, key, value };
    const wait = context.write(formatter(shown));
    if (wait !== undefined) await wait;
  } catch (error) {
    if (!isErrorSkipped || !isTold(error)) throw error;
    context.printError(`${error.message}\n`);
  }
}
