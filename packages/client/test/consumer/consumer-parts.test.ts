import assert from "node:assert/strict";
import { test } from "node:test";

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
