import { Client, type Consumer } from "@millrace/client";
import type {
  BenchConsumer,
  BenchProducer,
  ClientUnderTest,
  ConsumeWork,
} from "./client-under-test.ts";

/** Our client with its defaults: idempotent, `lingerMs` "auto", checksums verified. */
export function openMillraceClient(bootstrap: string): ClientUnderTest {
  const client = new Client({ bootstrap, clientId: "bench" });
  return {
    openProducer: async (topic) => producerOf(client, topic),
    consume: (work) => consume(client, work),
  };
}

function producerOf(client: Client, topic: string): BenchProducer {
  const producer = client.producer();
  return {
    sendOne: (value) => producer.send({ topic, value }),
    sendArray: (values) => producer.sendMany(values.map((value) => ({ topic, value }))),
    enqueue: (value) => producer.enqueue({ topic, value }),
    flush: () => producer.flush(),
    close: () => client.close(),
  };
}

async function consume(client: Client, work: ConsumeWork): Promise<BenchConsumer> {
  const { groupId, topic } = work;
  const consumer = client.consumer({ groupId, offsetReset: "earliest" });
  await consumer.subscribe(topic);
  const stop = new AbortController();
  const reading = work.inBatches
    ? readBatches(consumer, work, stop.signal)
    : readRecords(consumer, work, stop.signal);
  return {
    async close() {
      stop.abort();
      await reading;
      await consumer.close();
      await client.close();
    },
  };
}

async function readRecords(
  consumer: Consumer,
  { onRecords }: ConsumeWork,
  signal: AbortSignal,
): Promise<void> {
  for await (const record of consumer.records({ signal })) onRecords(1, record.value?.length ?? 0);
}

async function readBatches(
  consumer: Consumer,
  { onRecords }: ConsumeWork,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of consumer.batches({ signal })) {
    let sizeBytes = 0;
    for (const record of batch) sizeBytes += record.value?.length ?? 0;
    onRecords(batch.count, sizeBytes);
  }
}
