/** Reading partitions that are assigned by hand: positions, resets, isolation, compression. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { Client, type Consumer, type ConsumerRecord, KafkaError, string } from "@millrace/client";

import { eachBroker } from "../src/index.ts";
import { createTopic, deleteRecords } from "./topics.ts";

const timeoutMs = 30_000;

/** The next records of a consumer. */
async function take(consumer: Consumer, count: number): Promise<ConsumerRecord[]> {
  const records: ConsumerRecord[] = [];
  if (count === 0) return records;
  for await (const record of consumer) {
    records.push(record);
    if (records.length === count) break;
  }
  return records;
}

/** Sends texts to partition 0, one after the other. */
async function send(client: Client, topic: string, texts: readonly string[]): Promise<void> {
  await using producer = client.producer();
  await producer.sendMany(
    texts.map((text) => ({ topic, partition: 0, key: null, value: Buffer.from(text) })),
  );
}

function textsOf(records: readonly ConsumerRecord[]): string[] {
  return records.map((record) => String(record.value));
}

const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${index}`);

eachBroker(
  "records come as they were sent: key, value, headers, timestamp",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    await using producer = client.producer();
    const headers = [
      { key: "trace", value: "1" },
      { key: "trace", value: "2" },
      { key: "none", value: null },
    ];
    await producer.send({
      topic,
      key: Buffer.from("k"),
      value: Buffer.from("v"),
      headers,
      timestamp: 1_700_000_000_123,
    });
    await producer.send({ topic, key: null, value: null });
    await using consumer = client.consumer({ offsetReset: "earliest" });
    consumer.assign([{ topic, partition: 0 }]);
    const [first, second] = await take(consumer, 2);
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(first.topic, topic);
    assert.equal(first.partition, 0);
    assert.equal(first.offset, 0n);
    assert.equal(String(first.key), "k");
    assert.equal(String(first.value), "v");
    assert.equal(first.timestamp, 1_700_000_000_123);
    assert.equal(first.timestampType, "create_time");
    assert.equal(first.leaderEpoch, 0);
    assert.deepEqual(first.headers.all("trace").map(String), ["1", "2"]);
    assert.equal(first.headers.text("trace"), "2");
    assert.equal(first.headers.last("none"), null);
    assert.equal(first.headers.last("other"), undefined);
    assert.equal(second.offset, 1n);
    assert.equal(second.key, null);
    assert.equal(second.value, null);
    assert.equal(await consumer.position({ topic, partition: 0 }), 2n);
    assert.deepEqual(consumer.lag(), [{ topic, partition: 0, lag: 0n, isPaused: false }]);
  },
);

eachBroker("every compression is read", { timeoutMs }, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const topic = await createTopic(broker);
  const values = numbers(200).map((number) => `${number}-${"x".repeat(100)}`);
  for (const compression of ["none", "gzip", "snappy", "lz4", "zstd"] as const) {
    await using producer = client.producer({ compression });
    await producer.sendMany(values.map((text) => ({ topic, value: Buffer.from(text) })));
  }
  await using consumer = client.consumer({ offsetReset: "earliest" });
  consumer.assign([{ topic, partition: 0 }]);
  const records = await take(consumer, 1_000);
  assert.deepEqual(textsOf(records), [...values, ...values, ...values, ...values, ...values]);
});

eachBroker("positions move by seek, and to ends and times", { timeoutMs }, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const topic = await createTopic(broker);
  await using producer = client.producer();
  for (let index = 0; index < 10; index += 1) {
    await producer.send({
      topic,
      value: Buffer.from(`${index}`),
      timestamp: 1_000_000 + index * 1_000,
    });
  }
  const place = { topic, partition: 0 };
  await using consumer = client.consumer({ offsetReset: "latest" });
  consumer.assign([{ ...place, offset: 4 }]);
  assert.deepEqual(textsOf(await take(consumer, 2)), ["4", "5"]);
  consumer.seek({ ...place, offset: 8n });
  assert.deepEqual(textsOf(await take(consumer, 2)), ["8", "9"]);
  consumer.seekToBeginning();
  assert.deepEqual(textsOf(await take(consumer, 1)), ["0"]);
  consumer.seekToTimestamp(1_006_500, [place]);
  assert.deepEqual(textsOf(await take(consumer, 1)), ["7"]);
  consumer.seekToEnd();
  assert.equal(await consumer.position(place), 10n);
  await producer.send({ topic, value: Buffer.from("10") });
  assert.deepEqual(textsOf(await take(consumer, 1)), ["10"]);
  assert.deepEqual(await consumer.beginningOffsets([place]), [{ ...place, offset: 0n }]);
  assert.deepEqual(await consumer.endOffsets([place]), [{ ...place, offset: 11n }]);
  const found = await consumer.offsetsForTimes([{ ...place, timestampMs: 1_002_001 }]);
  assert.deepEqual(found, [{ ...place, offset: 3n, timestamp: 1_003_000 }]);
  assert.deepEqual(await consumer.offsetsForTimes([{ ...place, timestampMs: 9e15 }]), []);
});

eachBroker(
  "a duration begins at its first record, or at the end",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    await using producer = client.producer();
    const nowMs = Date.now();
    await producer.send({ topic, value: Buffer.from("old"), timestamp: nowMs - 3_600_000 });
    await producer.send({ topic, value: Buffer.from("new"), timestamp: nowMs - 60_000 });
    await using consumer = client.consumer({ offsetReset: { by: 600_000 } });
    consumer.assign([{ topic, partition: 0 }]);
    assert.deepEqual(textsOf(await take(consumer, 1)), ["new"]);
    await using late = client.consumer({ offsetReset: { by: 1_000 } });
    late.assign([{ topic, partition: 0 }]);
    assert.equal(await late.position({ topic, partition: 0 }), 2n);
  },
);

eachBroker(
  "an offset that is gone is reset, or told where there is no policy",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    await send(client, topic, numbers(10));
    await deleteRecords(broker, topic, 6);
    await using consumer = client.consumer({ offsetReset: "earliest" });
    consumer.assign([{ topic, partition: 0, offset: 2 }]);
    assert.deepEqual(textsOf(await take(consumer, 1)), ["6"]);
    await using strict = client.consumer({ offsetReset: "none" });
    strict.assign([{ topic, partition: 0, offset: 2 }]);
    await assert.rejects(take(strict, 1), isCode("OFFSET_OUT_OF_RANGE"));
    strict.seek({ topic, partition: 0, offset: 9 });
    assert.deepEqual(textsOf(await take(strict, 1)), ["9"]);
    await using nowhere = client.consumer({ offsetReset: "none" });
    nowhere.assign([{ topic, partition: 0 }]);
    await assert.rejects(take(nowhere, 1), isCode("NO_OFFSET_FOR_PARTITION"));
  },
);

eachBroker(
  "read_committed leaves out what was aborted and waits for what is open",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    await using producer = client.producer({ transactionalId: `${topic}-producer` });
    const value = (text: string): { topic: string; value: Buffer } => ({
      topic,
      value: Buffer.from(text),
    });
    await producer.transaction(async (txn) => {
      await txn.send(value("kept"));
    });
    const aborted = await producer.beginTransaction();
    await aborted.send(value("aborted"));
    await aborted.abort();
    await producer.transaction(async (txn) => {
      await txn.send(value("kept too"));
    });
    const open = await producer.beginTransaction();
    await open.send(value("open"));
    await using consumer = client.consumer({
      offsetReset: "earliest",
      isolation: "read_committed",
    });
    consumer.assign([{ topic, partition: 0 }]);
    assert.deepEqual(textsOf(await take(consumer, 2)), ["kept", "kept too"]);
    await using dirty = client.consumer({ offsetReset: "earliest" });
    dirty.assign([{ topic, partition: 0 }]);
    assert.deepEqual(textsOf(await take(dirty, 4)), ["kept", "aborted", "kept too", "open"]);
    const next = take(consumer, 1);
    await open.commit();
    assert.deepEqual(textsOf(await next), ["open"]);
  },
);

eachBroker(
  "a paused partition gives nothing while the others go on",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker, { partitions: 2 });
    await using producer = client.producer();
    for (const partition of [0, 1]) {
      await producer.sendMany(
        numbers(50).map((text) => ({
          topic,
          partition,
          value: Buffer.from(`${partition}:${text}`),
        })),
      );
    }
    await using consumer = client.consumer({ offsetReset: "earliest" });
    consumer.assign([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
    consumer.pause([{ topic, partition: 0 }]);
    assert.deepEqual(consumer.paused(), [{ topic, partition: 0 }]);
    const first = textsOf(await take(consumer, 50));
    assert.ok(first.every((text) => text.startsWith("1:")));
    consumer.resume();
    const second = textsOf(await take(consumer, 50));
    assert.deepEqual(
      second,
      numbers(50).map((text) => `0:${text}`),
    );
  },
);

eachBroker(
  "batches keep to their limits and end with their signal",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker);
    await send(client, topic, numbers(25));
    await using consumer = client.consumer({ offsetReset: "earliest" });
    consumer.assign([{ topic, partition: 0 }]);
    const abort = new AbortController();
    const counts: number[] = [];
    const texts: string[] = [];
    for await (const batch of consumer.batches({
      maxRecords: 10,
      maxWaitMs: 200,
      signal: abort.signal,
    })) {
      counts.push(batch.count);
      texts.push(...textsOf(batch.records));
      if (texts.length === 25) abort.abort();
    }
    assert.deepEqual(counts, [10, 10, 5]);
    assert.deepEqual(texts, numbers(25));
  },
);

eachBroker(
  "more than the buffer may hold is read in order, with little held at a time",
  { timeoutMs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker, { partitions: 3 });
    await using producer = client.producer();
    const value = Buffer.alloc(10_000, 120);
    for (const partition of [0, 1, 2]) {
      await producer.sendMany(Array.from({ length: 300 }, () => ({ topic, partition, value })));
    }
    await using consumer = client.consumer({
      offsetReset: "earliest",
      fetchBufferBytes: 500_000,
      maxPartitionFetchBytes: 200_000,
    });
    consumer.assign([0, 1, 2].map((partition) => ({ topic, partition })));
    const next = [0, 0, 0];
    let heldMax = 0;
    let count = 0;
    for await (const record of consumer) {
      assert.equal(record.offsetNumber, next[record.partition]);
      next[record.partition] = record.offsetNumber + 1;
      heldMax = Math.max(heldMax, consumer.health().bufferedBytes);
      count += 1;
      if (count === 900) break;
    }
    // An answer may pass what was asked for by a batch, no more.
    assert.ok(heldMax < 2_000_000, `${heldMax} bytes were held`);
  },
);

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof KafkaError && error.code === code;
}

eachBroker(
  "a topic that is deleted and made again is read from its beginning",
  { timeoutMs: 60_000 },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const admin = client.admin();
    const producer = client.producer({ value: string });
    const topic = await createTopic(broker);
    const consumer = client.consumer({ value: string, offsetReset: "earliest" });
    consumer.assign([{ topic, partition: 0 }]);
    const texts: (string | null)[] = [];
    const reading = (async () => {
      for await (const { value } of consumer) texts.push(value);
    })();
    const until = async (count: number): Promise<void> => {
      while (texts.length < count) await sleep(20);
    };
    for (const value of ["old 0", "old 1", "old 2"]) await producer.send({ topic, value });
    await until(3);
    await admin.deleteTopics([topic]);
    await sleep(500);
    await createTopic(broker, { name: topic });
    const values = ["new 0", "new 1", "new 2", "new 3", "new 4"];
    for (const value of values) await producer.send({ topic, value });
    await until(8);
    assert.deepEqual(texts.slice(3), values);
    await consumer.close();
    await reading;
  },
);
