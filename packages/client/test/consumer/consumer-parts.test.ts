import assert from "node:assert/strict";
import { test } from "node:test";

import { Fetch } from "@millrace/protocol";
import type { Consumer } from "../../src/consumer/consumer.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { MemoryGroup } from "./support/memory-group.ts";
import { startLogs } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

test("a position that does not come is waited for no longer than asked", async () => {
  const { cluster, consume } = await startLogs();
  cluster.addTopic("orders").partitions[0] = { leader: -1, leaderEpoch: 0 };
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  await assert.rejects(
    cluster.settle(consumer.position(place, { timeoutMs: 500 })),
    (error) => error instanceof KafkaError && error.code === "REQUEST_TIMED_OUT",
  );
  const signal = AbortSignal.abort();
  await assert.rejects(consumer.position(place, { signal }), /ABORTED/);
  await cluster.settle(consumer.close());
});

test("lag is what the last answer tells: to the last stable offset with read_committed", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  const log = logs.log("orders").append(["a", "b", "c", "d"]);
  log.lastStableOffset = 3;
  for (const [isolation, lag] of [
    ["read_uncommitted", 3n],
    ["read_committed", 2n],
  ] as const) {
    const consumer = consume({ offsetReset: "earliest", isolation });
    consumer.assign([place]);
    await cluster.settle(consumer.records().next());
    assert.equal(consumer.lag()[0]?.lag, lag);
    await cluster.settle(consumer.close());
  }
});

test("a close commits what is finished, and then leaves the group", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b"]);
  const group = new MemoryGroup();
  const consumer = consume({ groupId: "group", offsetReset: "earliest" }, { group });
  consumer.assign([place]);
  const records = consumer.records();
  await cluster.settle(records.next());
  await cluster.settle(records.next());
  await cluster.settle(consumer.close());
  assert.deepEqual(group.events.slice(-2), ["commit 1", "close"]);
});

test("health tells of the partition whose fetches keep failing, until one succeeds", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders", 2);
  const log = logs.log("orders").append(["a"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place, { topic: "orders", partition: 1 }]);
  const records = consumer.records();
  await cluster.settle(records.next());
  const next = records.next();
  await cluster.advance(30_000);
  assert.deepEqual(consumer.health().problems, []);
  log.answers.push(...Array.from({ length: 200 }, () => "UNKNOWN_SERVER_ERROR" as const));
  await cluster.advance(9_000);
  assert.deepEqual(consumer.health().problems, []);
  await cluster.advance(3_000);
  const { problems, isHealthy } = consumer.health();
  assert.equal(isHealthy, false);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /^no fetch of orders-0 has succeeded in 1[12]\d{3} ms$/);
  log.answers.length = 0;
  log.append(["b"]);
  await cluster.settle(next);
  assert.deepEqual(consumer.health().problems, []);
  await cluster.settle(consumer.close());
});

test("health tells of partitions whose broker does not answer, and of those without a leader", async () => {
  const { cluster, logs, consume } = await startLogs({ brokers: 2 });
  const topic = cluster.addTopic("orders");
  logs.log("orders").append(["a"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  const records = consumer.records();
  await cluster.settle(records.next());
  const next = records.next();
  topic.partitions[0] = { leader: -1, leaderEpoch: 1 };
  logs.log("orders").answers.push("NOT_LEADER_OR_FOLLOWER");
  await cluster.advance(12_000);
  assert.match(consumer.health().problems.join(), /^no fetch of orders-0/);
  topic.partitions[0] = { leader: 1, leaderEpoch: 1 };
  await cluster.advance(5_000);
  assert.deepEqual(consumer.health().problems, []);
  cluster.onAll(Fetch, () => new Promise<never>(() => undefined));
  await cluster.advance(12_000);
  assert.match(consumer.health().problems.join(), /^no fetch of orders-0/);
  await cluster.settle(consumer.close());
  await cluster.settle(next);
});

test("a full buffer and a pause are no failing fetches", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders", 2);
  const log = logs.log("orders");
  for (let index = 0; index < 40; index += 1) log.append(["x".repeat(1_000)]);
  const consumer = consume({
    offsetReset: "earliest",
    maxPartitionFetchBytes: 2_000,
    fetchBufferBytes: 3_000,
  });
  consumer.assign([place, { topic: "orders", partition: 1 }]);
  const refusals = Array.from({ length: 500 }, () => "UNKNOWN_SERVER_ERROR" as const);
  // It fails before the other one has filled the buffer, and is not asked for after that.
  logs.log("orders", 1).answers.push(...refusals);
  await cluster.settle(consumer.records().next());
  await cluster.advance(60_000);
  assert.deepEqual(healthOfFetches(consumer), []);
  await cluster.settle(consumer.close());
  const paused = consume({ offsetReset: "earliest" });
  paused.assign([{ topic: "orders", partition: 1 }]);
  await cluster.advance(3_000);
  paused.pause();
  await cluster.advance(60_000);
  assert.deepEqual(healthOfFetches(paused), []);
  paused.resume();
  await cluster.advance(9_000);
  assert.deepEqual(healthOfFetches(paused), []);
  await cluster.advance(3_000);
  assert.equal(healthOfFetches(paused).length, 1);
  await cluster.settle(paused.close());
});

function healthOfFetches(consumer: Consumer): readonly string[] {
  return consumer.health().problems.filter((problem) => problem.startsWith("no fetch"));
}
