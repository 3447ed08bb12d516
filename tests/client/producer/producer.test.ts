/** Records that the producer sends, read back by a client that is not ours. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { Client, KafkaError } from "@millrace/client";

import { eachBroker } from "../src/index.ts";
import { cuttableClient, kcatRead, makeTopic, utf8 } from "./support.ts";

const golden = join(
  import.meta.dirname,
  "../../../packages/client/test/producer/partitioner/java-partitions.txt",
);
const needs = ["Produce", "InitProducerId", "CreateTopics"] as const;

eachBroker(
  "keys, values, headers and timestamps arrive as they were given",
  { needs },
  async (broker) => {
    const topic = await makeTopic(broker);
    await using client = new Client({ bootstrap: broker.bootstrap });
    await using producer = client.producer({ key: utf8, value: utf8 });
    const timestamp = 1_700_000_000_123;
    const headers = [
      { key: "a", value: "1" },
      { key: "a", value: "2" },
      { key: "b", value: Buffer.from("three") },
    ];
    const metadata = await producer.send({ topic, key: "k", value: "v", headers, timestamp });
    assert.deepEqual(metadata, { topic, partition: 0, offset: 0n, timestamp });
    await producer.send({ topic, value: "no key", timestamp });
    const read = await kcatRead(broker, topic, { format: "%k|%K|%s|%h|%T|%o\\n" });
    assert.deepEqual(read, [`k|1|v|a=1,a=2,b=three|${timestamp}|0`, `|-1|no key||${timestamp}|1`]);
  },
);

for (const type of ["none", "gzip", "snappy", "lz4", "zstd"] as const) {
  eachBroker(
    `records compressed with ${type} are read by librdkafka`,
    { needs },
    async (broker) => {
      const topic = await makeTopic(broker);
      await using client = new Client({ bootstrap: broker.bootstrap });
      const level = { none: undefined, snappy: undefined, gzip: 9, lz4: 3, zstd: 7 }[type];
      await using producer = client.producer({ value: utf8, compression: { type, level } });
      const values = Array.from({ length: 3000 }, (_, index) => `a value that repeats ${index}`);
      const records = values.map((value) => ({ topic, value }));
      await producer.sendMany(records);
      assert.deepEqual(await kcatRead(broker, topic), values);
    },
  );
}

eachBroker("keys go to the partitions that Java's producer chooses", { needs }, async (broker) => {
  const topic = await makeTopic(broker, { partitions: 12 });
  await using client = new Client({ bootstrap: broker.bootstrap });
  await using producer = client.producer();
  // Made by Apache Kafka's own classes: partitioner.test.ts.
  const lines = readFileSync(golden, "utf8").trimEnd().split("\n").slice(1, 100);
  for (const line of lines) {
    const [hex = "", , , , among12] = line.split(" ");
    const record = { topic, key: Buffer.from(hex, "hex"), value: Buffer.from(hex) };
    const { partition } = await producer.send(record);
    assert.equal(partition, Number(among12));
  }
});

eachBroker(
  "over cut connections records are stored once and in order",
  { needs, timeoutMs: 60_000 },
  async (broker) => {
    const topic = await makeTopic(broker);
    const { client, cut } = cuttableClient({ bootstrap: broker.bootstrap, reconnectBackoffMs: 5 });
    const producer = client.producer({ value: utf8, batchSize: 2_000, retryBackoffMs: 10 });
    const sent: Promise<unknown>[] = [];
    let cuts = 0;
    for (let index = 0; index < 20_000; index += 1) {
      sent.push(producer.send({ topic, value: `${index}` }));
      if (index % 100 === 99) await pause(1);
      if (index % 2_000 === 1_999) cuts += cut();
    }
    await Promise.all(sent);
    await producer.close();
    await client.close();
    assert.ok(cuts >= 10, `${cuts} connections were cut`);
    const expected = Array.from({ length: 20_000 }, (_, index) => `${index}`);
    assert.deepEqual(await kcatRead(broker, topic), expected);
  },
);

eachBroker(
  "over a killed broker acknowledged records are stored once and in order",
  { broker: "own", needs, timeoutMs: 90_000 },
  async (broker) => {
    const topic = await makeTopic(broker);
    await using client = new Client({ bootstrap: broker.bootstrap });
    await using producer = client.producer({ value: utf8, batchSize: 2_000 });
    const sent: Promise<unknown>[] = [];
    const send = async (from: number, to: number): Promise<void> => {
      for (let index = from; index < to; index += 1) {
        sent.push(producer.send({ topic, value: `${index}` }));
        if (index % 100 === 99) await pause(1);
      }
    };
    await send(0, 3_000);
    const killed = broker.kill();
    await send(3_000, 6_000);
    await killed;
    await broker.start();
    await Promise.all(sent);
    const expected = Array.from({ length: 6_000 }, (_, index) => `${index}`);
    assert.deepEqual(await kcatRead(broker, topic), expected);
  },
);

eachBroker("a batch larger than the topic takes is divided", { needs }, async (broker) => {
  const topic = await makeTopic(broker, { configs: { "max.message.bytes": "5000" } });
  await using client = new Client({ bootstrap: broker.bootstrap });
  await using producer = client.producer({ value: utf8 });
  const values = Array.from({ length: 500 }, (_, index) => `${index}`.padStart(100, "."));
  await producer.sendMany(values.map((value) => ({ topic, value })));
  assert.deepEqual(await kcatRead(broker, topic), values);
  const large = producer.send({ topic, value: "x".repeat(6000) });
  await assert.rejects(large, (error: unknown) => {
    assert.ok(error instanceof KafkaError);
    assert.equal(error.code, "MESSAGE_TOO_LARGE");
    assert.equal(error.topic, topic);
    return true;
  });
});

eachBroker(
  "a record without a key is refused by a compacted topic, by name",
  { needs },
  async (broker) => {
    const topic = await makeTopic(broker, { configs: { "cleanup.policy": "compact" } });
    await using client = new Client({ bootstrap: broker.bootstrap });
    await using producer = client.producer({ key: utf8, value: utf8 });
    const outcomes = await Promise.allSettled([
      producer.send({ topic, key: "k", value: "with" }),
      producer.send({ topic, value: "without" }),
    ]);
    const codes = outcomes.map((one) =>
      one.status === "rejected" && one.reason instanceof KafkaError ? one.reason.code : one.status,
    );
    assert.deepEqual(codes, ["INVALID_RECORD", "INVALID_RECORD"]);
    await producer.send({ topic, key: "k", value: "after" });
    assert.deepEqual(await kcatRead(broker, topic), ["after"]);
  },
);

for (const acks of [0, 1] as const) {
  eachBroker(`records with acks ${acks} are stored`, { needs }, async (broker) => {
    const topic = await makeTopic(broker);
    await using client = new Client({ bootstrap: broker.bootstrap });
    await using producer = client.producer({ value: utf8, acks });
    const { offset } = await producer.send({ topic, value: "a" });
    assert.equal(offset, acks === 0 ? -1n : 0n);
    await producer.send({ topic, value: "b" });
    let read: readonly string[] = [];
    for (let look = 0; look < 20 && read.length < 2; look += 1) {
      read = await kcatRead(broker, topic);
    }
    assert.deepEqual(read, ["a", "b"]);
  });
}

eachBroker(
  "a topic is made by the first record where the broker allows it",
  { needs },
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    await using producer = client.producer({ value: utf8 });
    const topic = `${await makeTopic(broker)}-auto`;
    await producer.send({ topic, value: "first" });
    assert.deepEqual(await kcatRead(broker, topic), ["first"]);
  },
);

eachBroker("enqueued records all arrive, in order", { needs }, async (broker) => {
  const topic = await makeTopic(broker);
  await using client = new Client({ bootstrap: broker.bootstrap });
  await using producer = client.producer({ value: utf8 });
  for (let index = 0; index < 100_000; index += 1) {
    const wait = producer.enqueue({ topic, value: `${index}` });
    if (wait !== undefined) await wait;
  }
  await producer.flush();
  const read = await kcatRead(broker, topic);
  assert.equal(read.length, 100_000);
  assert.equal(
    read.findIndex((value, index) => value !== `${index}`),
    -1,
  );
});
