import assert from "node:assert/strict";
import { test } from "node:test";

import { Fetch } from "@millrace/protocol";
import { startLogs, takeTexts } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

test("records are fetched while the application works, within the buffer's bytes", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  const log = logs.log("orders");
  for (let index = 0; index < 40; index += 1) log.append(["x".repeat(1_000)]);
  const consumer = consume({
    offsetReset: "earliest",
    maxPartitionFetchBytes: 2_000,
    fetchBufferBytes: 6_000,
  });
  consumer.assign([place]);
  await cluster.advance(5_000);
  const { bufferedBytes } = consumer.health();
  assert.ok(bufferedBytes > 2_000 && bufferedBytes <= 6_000, `${bufferedBytes} bytes`);
  assert.equal((await cluster.settle(takeTexts(consumer, 40))).length, 40);
  await cluster.settle(consumer.close());
});

test("a session's requests name only what changed", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders", 3);
  for (const partition of [0, 1, 2]) logs.log("orders", partition).append(["a"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([0, 1, 2].map((partition) => ({ topic: "orders", partition })));
  await cluster.settle(takeTexts(consumer, 3));
  await cluster.advance(2_000);
  logs.log("orders", 1).append(["b"]);
  await cluster.settle(takeTexts(consumer, 1));
  await cluster.advance(1_000);
  const counts = cluster
    .broker(1)
    .requestsOf(Fetch)
    .map(({ topics }) => topics.flatMap(({ partitions }) => partitions).length);
  assert.equal(counts[0], 3);
  assert.equal(counts.at(-1), 0);
  assert.ok(counts.includes(1));
  await cluster.settle(consumer.close());
  await cluster.advance(100);
  assert.equal(cluster.broker(1).requestsOf(Fetch).at(-1)?.sessionEpoch, -1);
});

test("a lost connection begins a new session and loses nothing", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["a"]);
  cluster.broker(1).disconnect();
  logs.log("orders").append(["c"]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 2)), ["b", "c"]);
  await cluster.settle(consumer.close());
});

test("partitions are read from their new leader", async () => {
  const { cluster, logs, consume } = await startLogs({ brokers: 2 });
  const topic = cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  await cluster.settle(takeTexts(consumer, 1));
  const [partition] = topic.partitions;
  assert.ok(partition !== undefined);
  partition.leader = 2;
  partition.leaderEpoch = log.epoch = 1;
  log.epochEnds.set(0, 1);
  log.answers.push("NOT_LEADER_OR_FOLLOWER");
  log.append(["b"]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["b"]);
  assert.ok(cluster.broker(2).requestsOf(Fetch).length > 0);
  await cluster.settle(consumer.close());
});

test("a topic that was deleted and made again is read by the reset policy, not on from where it was", async () => {
  const { cluster, logs, consume } = await startLogs();
  const topic = cluster.addTopic("orders");
  logs.log("orders").append(["old 0", "old 1", "old 2"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 3)), ["old 0", "old 1", "old 2"]);
  topic.id = cluster.addTopic("id of another").id;
  const texts = ["new 0", "new 1", "new 2", "new 3", "new 4"];
  logs.logs.clear();
  const log = logs.log("orders").append(texts);
  log.answers.push("UNKNOWN_TOPIC_ID");
  assert.deepEqual(await cluster.settle(takeTexts(consumer, texts.length)), texts);
  await cluster.settle(consumer.close());
});

test("the replica that the leader names is read from, and the leader again when it has not", async () => {
  const { cluster, logs, consume } = await startLogs({ brokers: 2 });
  cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]);
  log.answers.push({ preferredReadReplica: 2 });
  const consumer = consume({ offsetReset: "earliest", clientRack: "west" });
  consumer.assign([place]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["a"]);
  assert.equal(cluster.broker(1).requestsOf(Fetch)[0]?.rackId, "west");
  assert.ok(cluster.broker(2).requestsOf(Fetch).length > 0);
  const before = cluster.broker(1).requestsOf(Fetch).length;
  log.answers.push("OFFSET_OUT_OF_RANGE");
  log.append(["b"]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["b"]);
  assert.ok(cluster.broker(1).requestsOf(Fetch).length > before);
  await cluster.settle(consumer.close());
});
