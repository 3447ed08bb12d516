import { setTimeout as sleep } from "node:timers/promises";

import { Client, KafkaError, type Producer, string } from "@millrace/client";

import { topics } from "../events.ts";
import { hear, memberOptions, type Reading, type TextConsumer, watchHealth } from "./reading.ts";
import { report, wordsOf } from "./reporter.ts";

type TextProducer = Producer<string | null, string | null>;

const pauseMs = 100;

/** Copies what a group reads, each batch and its offsets in one transaction. */
export async function copyRecords(reading: Reading): Promise<void> {
  const { clientOptions, member, protocol, signal } = reading;
  await using client = new Client({ ...clientOptions, clientId: member });
  report({ kind: "joined", member });
  while (!signal.aborted) {
    const consumer = client.consumer({
      ...memberOptions(protocol),
      groupId: member.slice(0, member.indexOf("/")),
      key: string,
      value: string,
      autoCommit: false,
      isolation: "read_committed",
    });
    hear(consumer, member);
    const stopWatching = watchHealth(consumer, member);
    try {
      await consumer.subscribe(topics.orders);
      while (!signal.aborted) {
        const producer = client.producer({
          key: string,
          value: string,
          transactionalId: member,
          transactionTimeoutMs: 10_000,
        });
        await copyWith(producer, consumer, reading);
        await producer.close();
      }
    } catch (error) {
      report({ kind: "threw", member, what: "loop", error: wordsOf(error) });
    }
    await consumer.close();
    stopWatching();
  }
  report({ kind: "left", member });
}

/** Works until the signal ends, or the producer is of no use any more. */
async function copyWith(
  producer: TextProducer,
  consumer: TextConsumer,
  { member, protocol, signal }: Reading,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const batch of consumer.batches({ maxRecords: 100, signal })) {
        await producer.transaction(async (transaction) => {
          for (const { key, value, partition } of batch) {
            const copy = { topic: topics.copies[protocol], key, value, partition };
            await transaction.enqueue(copy);
          }
          await transaction.sendOffsets(consumer.groupMetadata(), batch.offsets());
        });
        report({ kind: "copied", member, count: batch.count });
      }
    } catch (error) {
      report({ kind: "threw", member, what: "transaction", error: wordsOf(error) });
      await goBack(consumer, signal);
      // What is not known to be taken back is settled by the next producer of this id.
      if (!(error instanceof KafkaError && error.abortable)) return;
    }
  }
}

/** Reads on from what is committed, as it is after a transaction that failed. */
async function goBack(consumer: TextConsumer, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const assigned = consumer.assignment();
    try {
      const committed = await consumer.committed(assigned, { timeoutMs: 5_000, signal });
      const owned = new Set(consumer.assignment().map(({ partition }) => partition));
      for (const { topic, partition } of assigned) {
        if (!owned.has(partition)) continue;
        const known = committed.find((one) => one.partition === partition);
        consumer.seek({ topic, partition, offset: known?.offset ?? 0n });
      }
      return;
    } catch {
      // The broker is away; a member that copied on from here would leave records out.
      await sleep(pauseMs);
    }
  }
}
