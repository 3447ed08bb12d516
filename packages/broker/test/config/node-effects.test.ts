import assert from "node:assert/strict";
import { test } from "node:test";
import type { Network } from "@millrace/platform";
import {
  buildRecordBatch,
  DeleteRecords,
  DescribeTopicPartitions,
  encodeRequest,
  errorName,
  Fetch,
  FindCoordinator,
  IncrementalAlterConfigs,
  Produce,
} from "@millrace/protocol";
import { ApiTable } from "../../src/api/api-table.ts";
import { createSocketServer } from "../../src/lifecycle/listeners.ts";
import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

// What a broker is given at start, and what a client or an operator sees of it.

async function produce(fixture: BrokerFixture, records: Buffer, acks = 1): Promise<string> {
  const answer = await fixture.request(Produce, 9, {
    acks,
    timeoutMs: 1000,
    topicData: [{ name: "orders", partitionData: [{ index: 0, records }] }],
  });
  return errorName(answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1);
}

/** Connects a client; tells whether the broker has closed it. */
async function connect(fixture: BrokerFixture): Promise<{ readonly isClosed: () => boolean }> {
  const { network, clock } = fixture.platform;
  let isClosed = false;
  const connecting = network
    .connect({ host: "localhost", port: 9092, timeoutMs: 1000 })
    .then((connection) => {
      connection.onData(() => {});
      connection.onClose(() => {
        isClosed = true;
      });
    });
  await clock.advance(10);
  await connecting;
  return { isClosed: () => isClosed };
}

/** How many of three clients of one address are let in. */
async function letIn(config: Readonly<Record<string, string>>): Promise<number> {
  await using fixture = await BrokerFixture.start({ config });
  let count = 0;
  for (let client = 0; client < 3; client += 1) {
    if (!(await connect(fixture)).isClosed()) count += 1;
  }
  return count;
}

test("max.connections.per.ip and its overrides limit the connections of one address", async () => {
  assert.equal(await letIn({}), 3);
  assert.equal(await letIn({ "max.connections.per.ip": "2" }), 2);
  const own = { "max.connections.per.ip": "0", "max.connections.per.ip.overrides": "localhost:1" };
  assert.equal(await letIn(own), 1);
});

test("connections.max.idle.ms closes who says nothing for so long", async () => {
  await using fixture = await BrokerFixture.start({
    config: { "connections.max.idle.ms": "5000" },
  });
  const { isClosed } = await connect(fixture);
  await fixture.platform.clock.advance(4000);
  assert.equal(isClosed(), false);
  await fixture.platform.clock.advance(3000);
  assert.equal(isClosed(), true);
});

test("socket.listen.backlog.size is what the kernel is asked for", async () => {
  const config = { "socket.listen.backlog.size": "17" };
  await using fixture = await BrokerFixture.start({ config });
  const { platform, broker } = fixture;
  const asked: (number | undefined)[] = [];
  const network: Network = {
    listen: (...args) => {
      asked.push(args[0].backlog);
      return platform.network.listen(...args);
    },
    checkTls: () => platform.network.checkTls(),
    connect: (options) => platform.network.connect(options),
  };
  const { clock, fileSystem, http, logger, logLevels, metrics, offload, random } = platform;
  const server = createSocketServer({
    platform: { clock, fileSystem, http, logger, logLevels, metrics, offload, random, network },
    services: broker.services,
    table: new ApiTable([]),
  });
  await server.listen({ name: "OTHER", host: "localhost", port: 9093 });
  assert.deepEqual(asked, [17]);
  await server.close(0);
});

test("max.incremental.fetch.session.cache.slots bounds the sessions; who finds none has none", async () => {
  const config = { "max.incremental.fetch.session.cache.slots": "1" };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  const body = {
    maxWaitMs: 0,
    minBytes: 0,
    sessionId: 0,
    sessionEpoch: 0,
    topics: [
      { topic: "orders", partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] },
    ],
  };
  const first = await fixture.request(Fetch, 12, body);
  const second = await fixture.request(Fetch, 12, body);
  assert.ok(first.sessionId > 0);
  assert.equal(second.sessionId, 0);
});

test("max.request.partition.size.limit bounds a page of DescribeTopicPartitions", async () => {
  const config = { "max.request.partition.size.limit": "2" };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders", {}, 5);
  const answer = await fixture.request(DescribeTopicPartitions, 0, {
    topics: [{ name: "orders" }],
    responsePartitionLimit: 1000,
    cursor: null,
  });
  assert.equal(answer.topics[0]?.partitions.length, 2);
  assert.deepEqual(answer.nextCursor, { topicName: "orders", partitionIndex: 2 });
});

test("metadata.log.dir says in which directory the metadata lie", async () => {
  const config = { "log.dirs": "/a,/b", "metadata.log.dir": "/b" };
  await using fixture = await BrokerFixture.start({ config });
  const { fileSystem } = fixture.platform;
  assert.equal(fileSystem.exists("/b/__cluster_metadata-0"), true);
  assert.equal(fileSystem.exists("/a/__cluster_metadata-0"), false);
});

function metadataFiles(fixture: BrokerFixture, suffix: string): number {
  const entries = fixture.platform.fileSystem.readDirectory("/data/__cluster_metadata-0");
  return entries.filter(({ name }) => name.endsWith(suffix)).length;
}

test("metadata.log.max.snapshot.interval.ms makes a snapshot in time", async () => {
  const config = { "metadata.log.max.snapshot.interval.ms": "60000" };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "one");
  const before = metadataFiles(fixture, ".checkpoint");
  await fixture.platform.clock.advance(61_000);
  await createTopic(fixture, "two");
  await fixture.platform.clock.advance(1000);
  assert.equal(metadataFiles(fixture, ".checkpoint"), before + 1);
});

test("metadata.log.segment.ms and segment.bytes begin a new segment of the metadata", async () => {
  await using timed = await BrokerFixture.start({ config: { "metadata.log.segment.ms": "60000" } });
  await createTopic(timed, "one");
  assert.equal(metadataFiles(timed, ".log"), 1);
  await timed.platform.clock.advance(61_000);
  await createTopic(timed, "two");
  await createTopic(timed, "three");
  assert.equal(metadataFiles(timed, ".log"), 2);
  const config = { "metadata.log.segment.bytes": "8388608" };
  await using sized = await BrokerFixture.start({ config });
  await createTopic(sized, "orders");
  const value = Array.from({ length: 7000 }, () => "0:1").join(",");
  for (let change = 0; change < 310; change += 1) {
    await sized.request(IncrementalAlterConfigs, 1, {
      validateOnly: false,
      resources: [
        {
          resourceType: 2,
          resourceName: "orders",
          configs: [
            {
              name: "follower.replication.throttled.replicas",
              value: `${value},${change}:1`,
              configOperation: 0,
            },
          ],
        },
      ],
    });
  }
  assert.ok(metadataFiles(sized, ".log") > 1);
});

test("log.flush.interval.ms is kept to by log.flush.scheduler.interval.ms", async () => {
  for (const [config, isDurable] of [
    [{}, false],
    [{ "log.flush.interval.ms": "1000", "log.flush.scheduler.interval.ms": "500" }, true],
  ] as const) {
    await using fixture = await BrokerFixture.start({ config });
    await createTopic(fixture, "orders");
    await fixture.platform.clock.advance(40_000);
    await produce(fixture, batchOf("a"));
    await fixture.platform.clock.advance(5000);
    const log = fixture.broker.services.replicas.partition("orders", 0)?.log;
    assert.equal(log?.durableOffset === 1, isDurable);
  }
});

test("log.flush.interval.messages syncs after so many records", async () => {
  const config = { "log.flush.interval.messages": "3" };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  const log = fixture.broker.services.replicas.partition("orders", 0)?.log;
  await produce(fixture, batchOf("a", "b"));
  await fixture.platform.clock.advance(1000);
  assert.equal(log?.durableOffset, 0);
  await produce(fixture, batchOf("c"));
  await fixture.platform.clock.advance(1000);
  assert.equal(log.durableOffset, 3);
});

test("the checkpoints are written as often as their intervals say", async () => {
  const intervals = [
    ["log.flush.offset.checkpoint.interval.ms", "recovery-point-offset-checkpoint"],
    ["log.flush.start.offset.checkpoint.interval.ms", "log-start-offset-checkpoint"],
    ["replica.high.watermark.checkpoint.interval.ms", "replication-offset-checkpoint"],
  ] as const;
  for (const [key, file] of intervals) {
    for (const [intervalMs, isWritten] of [
      ["1000", true],
      ["100000000", false],
    ] as const) {
      await using fixture = await BrokerFixture.start({ config: { [key]: intervalMs } });
      await createTopic(fixture, "orders");
      // The first round of all comes half a minute after the start.
      await fixture.platform.clock.advance(31_000);
      await produce(fixture, batchOf("a", "b", "c"), -1);
      await fixture.request(DeleteRecords, 2, {
        timeoutMs: 1000,
        topics: [{ name: "orders", partitions: [{ partitionIndex: 0, offset: 2 }] }],
      });
      await fixture.platform.clock.advance(5000);
      const { fileSystem } = fixture.platform;
      const path = `/data/${file}`;
      const text = fileSystem.exists(path) ? fileSystem.readFile(path).toString() : "";
      assert.equal(/^orders 0 [23]$/m.test(text), isWritten, `${key}=${intervalMs}: ${text}`);
    }
  }
});

test("producer.id.expiration.ms and its check forget producers that are idle", async () => {
  const config = {
    "producer.id.expiration.ms": "60000",
    "producer.id.expiration.check.interval.ms": "10000",
  };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  const timestamp = fixture.platform.clock.nowMs();
  const producer = { producerId: 5n, producerEpoch: 0, baseSequence: 0 };
  const batch = buildRecordBatch([{ key: null, value: Buffer.from("a"), timestamp }], producer);
  assert.equal(await produce(fixture, batch), "NONE");
  const log = fixture.broker.services.replicas.partition("orders", 0)?.log;
  await fixture.platform.clock.advance(50_000);
  assert.equal(log?.activeProducers().length, 1);
  await fixture.platform.clock.advance(25_000);
  assert.equal(log.activeProducers().length, 0);
});

test("the coordinators' topics are made with the sizes that the configuration says", async () => {
  const config = {
    "offsets.topic.segment.bytes": "2097152",
    "transaction.state.log.segment.bytes": "3145728",
    "transaction.state.log.num.partitions": "7",
  };
  await using fixture = await BrokerFixture.start({ config });
  for (const keyType of [0, 1]) {
    await fixture.request(FindCoordinator, 4, { keyType, coordinatorKeys: ["key"] });
  }
  const { replicas, image } = fixture.broker.services;
  const segmentBytes = (topic: string) => replicas.partition(topic, 0)?.log.config.segmentBytes;
  assert.equal(segmentBytes("__consumer_offsets"), 2097152);
  assert.equal(segmentBytes("__transaction_state"), 3145728);
  assert.equal(image().topics.byName.get("__transaction_state")?.partitions.length, 7);
});

test("millrace.recent.batch.cache.bytes is what the newest batches may take", async () => {
  const config = { "millrace.recent.batch.cache.bytes": "123456" };
  await using fixture = await BrokerFixture.start({ config });
  const { limits } = fixture.broker.services.logs.environment;
  assert.equal(limits.recentBatchesBytesMax, 123456);
});

test("security.inter.broker.protocol names the listener by which brokers would talk", async () => {
  const config = {
    listeners: "PLAINTEXT://localhost:9092,SASL_PLAINTEXT://localhost:9093",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
  };
  await using usual = await BrokerFixture.start({ config });
  assert.equal(usual.broker.services.config().interBrokerListenerName, "PLAINTEXT");
  await using fixture = await BrokerFixture.start({
    config: { ...config, "security.inter.broker.protocol": "SASL_PLAINTEXT" },
  });
  assert.equal(fixture.broker.services.config().interBrokerListenerName, "SASL_PLAINTEXT");
});

test("millrace.shutdown.timeout.ms bounds how long a stop waits for requests under way", async () => {
  for (const timeoutMs of [500, 3000]) {
    const config = { "millrace.shutdown.timeout.ms": String(timeoutMs) };
    const fixture = await BrokerFixture.start({ config });
    await createTopic(fixture, "orders");
    const { network, clock } = fixture.platform;
    const connecting = network.connect({ host: "localhost", port: 9092, timeoutMs: 1000 });
    const connection = await fixture.settled(connecting);
    connection.onData(() => {});
    connection.onClose(() => {});
    // It asks, and never reads what it is answered.
    connection.pause();
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }];
    const body = { maxWaitMs: 0, minBytes: 1, topics: [{ topic: "orders", partitions }] };
    const header = { correlationId: 7, clientId: "test", body };
    connection.write(encodeRequest(Fetch, 12, header));
    await clock.advance(100);
    const beganMs = clock.monotonicMs();
    await fixture.settled(fixture.broker.close());
    const tookMs = clock.monotonicMs() - beganMs;
    assert.ok(tookMs >= timeoutMs && tookMs < timeoutMs + 400, `${tookMs} of ${timeoutMs} ms`);
  }
});
