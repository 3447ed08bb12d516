import assert from "node:assert/strict";
import { test } from "node:test";
import {
  batchHeader,
  buildRecordBatch,
  CreateTopics,
  DeleteTopics,
  errorName,
  Fetch,
  IncrementalAlterConfigs,
  ListOffsets,
  Metadata,
  Produce,
} from "@millrace/protocol";
import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

// Each configuration is changed while the broker runs, or given at start where Kafka takes it only
// then, and a client sees the difference.

const topicType = 2;
const brokerType = 4;
const loggerType = 8;
const hourMs = 3_600_000;

/** Sets configurations, or deletes those that are null, and expects that it works. */
async function alter(
  fixture: BrokerFixture,
  resource: readonly [type: number, name: string],
  configs: Readonly<Record<string, string | null>>,
): Promise<void> {
  const [resourceType, resourceName] = resource;
  const answer = await fixture.request(IncrementalAlterConfigs, 1, {
    validateOnly: false,
    resources: [
      {
        resourceType,
        resourceName,
        configs: Object.entries(configs).map(([name, value]) => ({
          name,
          value,
          configOperation: value === null ? 1 : 0,
        })),
      },
    ],
  });
  const [response] = answer.responses;
  assert.equal(errorName(response?.errorCode ?? -1), "NONE", response?.errorMessage ?? "");
}

/** Produces a batch with acks=all. */
async function produce(fixture: BrokerFixture, records: Buffer, topic = "orders") {
  const answer = await fixture.request(Produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  });
  const partition = answer.responses[0]?.partitionResponses[0];
  assert.ok(partition !== undefined);
  return { ...partition, error: errorName(partition.errorCode) };
}

async function earliestOffset(fixture: BrokerFixture): Promise<number | undefined> {
  const answer = await fixture.request(ListOffsets, 7, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: "orders", partitions: [{ partitionIndex: 0, timestamp: -2 }] }],
  });
  return answer.topics[0]?.partitions[0]?.offset;
}

async function fetchBytes(fixture: BrokerFixture, maxBytes = 1_000_000): Promise<Buffer> {
  const answer = await fixture.request(Fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes,
    isolationLevel: 0,
    topics: [
      {
        topic: "orders",
        partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: maxBytes }],
      },
    ],
  });
  return answer.responses[0]?.partitions[0]?.records ?? Buffer.alloc(0);
}

function batchAt(fixture: BrokerFixture, ageMs: number, key: string | null = null): Buffer {
  const timestamp = fixture.platform.clock.nowMs() - ageMs;
  const keyBytes = key === null ? null : Buffer.from(key);
  return buildRecordBatch([{ key: keyBytes, value: Buffer.from("value"), timestamp }]);
}

async function passTime(fixture: BrokerFixture, ms: number): Promise<void> {
  await fixture.platform.clock.advance(ms);
}

test("max.message.bytes and message.max.bytes limit a batch", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const large = batchOf("x".repeat(500));
  assert.equal((await produce(fixture, large)).error, "NONE");
  await alter(fixture, [brokerType, ""], { "message.max.bytes": "400" });
  assert.equal((await produce(fixture, large)).error, "MESSAGE_TOO_LARGE");
  await alter(fixture, [topicType, "orders"], { "max.message.bytes": "900" });
  assert.equal((await produce(fixture, large)).error, "NONE");
  await alter(fixture, [topicType, "orders"], { "max.message.bytes": null });
  assert.equal((await produce(fixture, large)).error, "MESSAGE_TOO_LARGE");
});

test("this broker's value is stronger than all brokers'", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await alter(fixture, [brokerType, ""], { "message.max.bytes": "400" });
  await alter(fixture, [brokerType, "1"], { "message.max.bytes": "900" });
  assert.equal((await produce(fixture, batchOf("x".repeat(500)))).error, "NONE");
});

test("compression.type decides what is on disk", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await alter(fixture, [topicType, "orders"], { "compression.type": "zstd" });
  await produce(fixture, batchOf("x".repeat(500)));
  assert.equal(batchHeader.compressionId(await fetchBytes(fixture), 0), 4);
});

test("message.timestamp.type decides whose time a record carries", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  assert.equal((await produce(fixture, batchOf("a"))).logAppendTimeMs, -1);
  await alter(fixture, [topicType, "orders"], { "message.timestamp.type": "LogAppendTime" });
  const { logAppendTimeMs } = await produce(fixture, batchOf("a"));
  assert.equal(Math.abs(logAppendTimeMs - fixture.platform.clock.nowMs()) < 1000, true);
});

test("message.timestamp.before.max.ms and after.max.ms limit a record's time", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  assert.equal((await produce(fixture, batchAt(fixture, hourMs / 2))).error, "NONE");
  assert.equal((await produce(fixture, batchAt(fixture, -hourMs / 2))).error, "NONE");
  await alter(fixture, [topicType, "orders"], {
    "message.timestamp.before.max.ms": "60000",
    "message.timestamp.after.max.ms": "60000",
  });
  assert.equal((await produce(fixture, batchAt(fixture, hourMs / 2))).error, "INVALID_TIMESTAMP");
  assert.equal((await produce(fixture, batchAt(fixture, -hourMs / 2))).error, "INVALID_TIMESTAMP");
  assert.equal((await produce(fixture, batchAt(fixture, 0))).error, "NONE");
});

test("retention.ms and log.retention.ms delete what is old", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await produce(fixture, batchAt(fixture, 0));
  await passTime(fixture, 2 * hourMs);
  assert.equal(await earliestOffset(fixture), 0);
  await alter(fixture, [topicType, "orders"], { "retention.ms": "-1" });
  await alter(fixture, [brokerType, ""], { "log.retention.ms": String(hourMs) });
  await passTime(fixture, hourMs / 2);
  assert.equal(await earliestOffset(fixture), 0, "the topic's own value keeps it for ever");
  await alter(fixture, [topicType, "orders"], { "retention.ms": null });
  await passTime(fixture, hourMs / 2);
  assert.equal(await earliestOffset(fixture), 1);
});

test("retention.bytes deletes what is too much, whole segments at a time", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", { "internal.segment.bytes": "300" });
  for (let count = 0; count < 10; count++) await produce(fixture, batchOf("x".repeat(200)));
  await passTime(fixture, hourMs);
  assert.equal(await earliestOffset(fixture), 0);
  await alter(fixture, [topicType, "orders"], { "retention.bytes": "700" });
  await passTime(fixture, hourMs);
  const earliest = await earliestOffset(fixture);
  assert.ok(earliest !== undefined && earliest > 4 && earliest < 10, `earliest is ${earliest}`);
});

test("min.insync.replicas asks for no more replicas than there are", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await alter(fixture, [topicType, "orders"], { "min.insync.replicas": "2" });
  assert.equal((await produce(fixture, batchOf("a"))).error, "NONE");
});

test("segment.ms closes a segment in time", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const segmentCount = (): number => {
    return fixture.broker.services.logs.log({ topic: "orders", partition: 0 })?.segmentCount ?? 0;
  };
  await produce(fixture, batchAt(fixture, 0));
  await passTime(fixture, hourMs);
  await produce(fixture, batchAt(fixture, 0));
  assert.equal(segmentCount(), 1);
  await alter(fixture, [brokerType, ""], { "log.roll.ms": "1000" });
  await passTime(fixture, hourMs);
  await produce(fixture, batchAt(fixture, 0));
  assert.equal(segmentCount(), 2);
});

test("cleanup.policy=compact wants keys, and log.cleaner.* drive it", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.cleaner.enable": "true" } });
  await createTopic(fixture, "orders");
  await alter(fixture, [topicType, "orders"], {
    "cleanup.policy": "compact",
    "segment.ms": "1000",
    "min.cleanable.dirty.ratio": "0.01",
  });
  assert.equal((await produce(fixture, batchAt(fixture, 0))).error, "INVALID_RECORD");
  await alter(fixture, [brokerType, ""], { "log.cleaner.backoff.ms": "100" });
  for (let version = 0; version < 4; version++) {
    await produce(fixture, batchAt(fixture, 0, "key"));
    await passTime(fixture, 2000);
  }
  await passTime(fixture, 60_000);
  const bytes = await fetchBytes(fixture);
  assert.ok(batchHeader.lastOffset(bytes, 0) > 0, "the first versions are gone");
});

test("delete.topic.enable=false keeps topics", async () => {
  await using fixture = await BrokerFixture.start({ config: { "delete.topic.enable": "false" } });
  await createTopic(fixture, "orders");
  const answer = await fixture.request(DeleteTopics, 5, {
    topicNames: ["orders"],
    timeoutMs: 1000,
  });
  assert.equal(errorName(answer.responses[0]?.errorCode ?? -1), "TOPIC_DELETION_DISABLED");
});

test("auto.create.topics.enable makes a topic of num.partitions when somebody asks for it", async () => {
  const partitionsOf = async (config: Readonly<Record<string, string>>) => {
    await using fixture = await BrokerFixture.start({ config });
    const ask = () => {
      return fixture.request(Metadata, 9, {
        topics: [{ name: "new" }],
        allowAutoTopicCreation: true,
      });
    };
    await ask();
    const [topic] = (await ask()).topics;
    return topic?.errorCode === 0 ? topic.partitions.length : errorName(topic?.errorCode ?? -1);
  };
  assert.equal(await partitionsOf({ "num.partitions": "3" }), 3);
  const off = { "auto.create.topics.enable": "false" };
  assert.equal(await partitionsOf(off), "UNKNOWN_TOPIC_OR_PARTITION");
});

test("num.partitions and default.replication.factor stand in for what a client leaves out", async () => {
  const outcomeOf = async (config: Readonly<Record<string, string>>) => {
    await using fixture = await BrokerFixture.start({ config });
    const topics = [
      { name: "new", numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] },
    ];
    const [topic] = (await fixture.request(CreateTopics, 7, { topics })).topics;
    return topic?.errorCode === 0 ? topic.numPartitions : errorName(topic?.errorCode ?? -1);
  };
  assert.equal(await outcomeOf({ "num.partitions": "4" }), 4);
  assert.equal(
    await outcomeOf({ "default.replication.factor": "2" }),
    "INVALID_REPLICATION_FACTOR",
  );
});

test("fetch.max.bytes limits an answer, but for its first batch", async () => {
  await using fixture = await BrokerFixture.start({ config: { "fetch.max.bytes": "1024" } });
  await createTopic(fixture, "orders");
  for (let count = 0; count < 5; count++) await produce(fixture, batchOf("x".repeat(600)));
  const bytes = await fetchBytes(fixture);
  assert.equal(batchHeader.sizeBytes(bytes, 0), bytes.length);
});

test("a logger's level decides what is logged, until the broker stops", async () => {
  await using fixture = await BrokerFixture.start();
  const { logLevels } = fixture.broker.services;
  await alter(fixture, [loggerType, "1"], { root: "ERROR" });
  assert.equal(logLevels.levelOf("root"), "error");
  await alter(fixture, [loggerType, "1"], { root: "INFO" });
  assert.equal(logLevels.levelOf("root"), "info");
});

test("what was changed is still so after a restart, but for loggers", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await alter(fixture, [brokerType, ""], { "message.max.bytes": "400" });
  await alter(fixture, [topicType, "orders"], { "compression.type": "gzip" });
  await fixture.restart();
  assert.equal((await produce(fixture, batchOf("x".repeat(500)))).error, "MESSAGE_TOO_LARGE");
  await produce(fixture, batchOf("x".repeat(100)));
  assert.equal(batchHeader.compressionId(await fetchBytes(fixture), 0), 1);
});
