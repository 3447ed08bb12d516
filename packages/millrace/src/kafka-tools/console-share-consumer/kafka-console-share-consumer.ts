import type { ShareRecord } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { IdleWatch } from "../console-consumer/idle-watch.ts";
import { type ConsumptionProgress, tellConsumption } from "../console-consumer/tell-consumption.ts";
import { withToolClient } from "../open-client.ts";
import { isTold, toolCommand } from "../tool.ts";
import {
  type ConsoleShareConsumerArguments,
  consoleShareConsumerOptions,
} from "./console-share-consumer-options.ts";
import { type ShareConsumption, shareConsumptionOf } from "./share-consumption.ts";

/** `millrace kafka-console-share-consumer`, as kafka-console-share-consumer.sh. */
export const kafkaConsoleShareConsumer = toolCommand({
  description:
    "This tool helps to read data from Kafka topics using share groups and outputs it to " +
    "standard output.",
  options: consoleShareConsumerOptions,
  isUsageShown: true,
  run,
});

async function run(
  options: ConsoleShareConsumerArguments,
  context: CommandContext,
): Promise<number> {
  const consumption = shareConsumptionOf(options, context);
  const isForSystemTest = options.has("enable-systest-events");
  return tellConsumption(context, { isForSystemTest }, (progress) =>
    consume(consumption, context, progress),
  );
}

async function consume(
  consumption: ShareConsumption,
  context: CommandContext,
  progress: ConsumptionProgress,
): Promise<void> {
  const { properties, groupId, topic, recordsMax } = consumption;
  if (recordsMax !== undefined && recordsMax <= 0) return;
  await withToolClient(properties, async (client) => {
    await using consumer = client.shareConsumer({ groupId, acknowledgement: "explicit" });
    consumer.subscribe(topic);
    using watch = new IdleWatch(context.clock, consumption.timeoutMs);
    const signal = AbortSignal.any([context.interruption(), watch.signal]);
    for await (const record of consumer.records({ signal })) {
      watch.note();
      progress.recordCount += 1;
      await show(consumption, record, context);
      if (progress.recordCount === recordsMax) break;
    }
  });
}

async function show(
  { formatter, acknowledgement, isRejectedOnError }: ShareConsumption,
  record: ShareRecord,
  context: CommandContext,
): Promise<void> {
  const { timestampType, timestamp, partition, offset, headers, key, value } = record;
  const { deliveryCount } = record;
  try {
    const shown = { timestampType, timestamp, partition, offset, headers, key, value };
    const wait = context.write(formatter({ ...shown, deliveryCount }));
    if (wait !== undefined) await wait;
    record[acknowledgement]();
  } catch (error) {
    if (!isRejectedOnError || !isTold(error)) throw error;
    record.reject();
  }
}
