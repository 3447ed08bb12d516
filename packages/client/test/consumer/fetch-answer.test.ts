import assert from "node:assert/strict";
import { test } from "node:test";

import { Fetch, Metadata } from "@millrace/protocol";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { startLogs, takeTexts } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

for (const error of [
  "NOT_LEADER_OR_FOLLOWER",
  "REPLICA_NOT_AVAILABLE",
  "KAFKA_STORAGE_ERROR",
  "FENCED_LEADER_EPOCH",
  "OFFSET_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "UNKNOWN_TOPIC_ID",
  "INCONSISTENT_TOPIC_ID",
] as const) {
  test(`after ${error} Metadata is asked for, and the fetch tried again`, async () => {
    const { cluster, logs, consume } = await startLogs();
    cluster.addTopic("orders");
    logs.log("orders").append(["a"]).answers.push(error);
    const consumer = consume({ offsetReset: "earliest" });
    consumer.assign([place]);
    assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["a"]);
    assert.ok(cluster.broker(1).requestsOf(Metadata).length > 1);
    await cluster.settle(consumer.close());
  });
}

for (const error of ["UNKNOWN_LEADER_EPOCH", "UNKNOWN_SERVER_ERROR"] as const) {
  test(`after ${error} the fetch is tried again`, async () => {
    const { cluster, logs, consume } = await startLogs();
    cluster.addTopic("orders");
    logs.log("orders").append(["a"]).answers.push(error);
    const consumer = consume({ offsetReset: "earliest" });
    consumer.assign([place]);
    assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["a"]);
    await cluster.settle(consumer.close());
  });
}

test("a topic that may not be read is told, and read once it may", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a"]).answers.push("TOPIC_AUTHORIZATION_FAILED");
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  await assert.rejects(
    cluster.settle(takeTexts(consumer, 1)),
    (error) => error instanceof KafkaError && error.code === "TOPIC_AUTHORIZATION_FAILED",
  );
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["a"]);
  await cluster.settle(consumer.close());
});

test("a leader that an answer names is fetched from without asking for Metadata (KIP-951)", async () => {
  const { cluster, logs, consume } = await startLogs({ brokers: 2 });
  const topic = cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  await cluster.settle(takeTexts(consumer, 1));
  const [partition] = topic.partitions;
  assert.ok(partition !== undefined);
  log.answers.push({ errorCode: 6, currentLeader: { leaderId: 2, leaderEpoch: 1 } });
  partition.leader = 2;
  partition.leaderEpoch = 1;
  log.append(["b"]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["b"]);
  assert.equal(
    cluster.broker(2).requestsOf(Fetch)[0]?.topics[0]?.partitions[0]?.currentLeaderEpoch,
    1,
  );
  await cluster.settle(consumer.close());
});

test("what was fetched before a seek is not handed out after it", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]).append(["b"]).append(["c"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  await cluster.advance(1_000);
  consumer.seek({ ...place, offset: 2 });
  log.append(["d"]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 2)), ["c", "d"]);
  assert.deepEqual(consumer.lag(), [{ ...place, lag: 0n, isPaused: false }]);
  await cluster.settle(consumer.close());
});
