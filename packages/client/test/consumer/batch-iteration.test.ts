import assert from "node:assert/strict";
import { test } from "node:test";

import { KafkaError } from "../../src/errors/kafka-error.ts";
import { MemoryGroup } from "./support/memory-group.ts";
import { startLogs } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

async function setUp(texts: readonly string[]) {
  const parts = await startLogs();
  parts.cluster.addTopic("orders");
  parts.logs.log("orders").append(texts);
  const group = new MemoryGroup();
  const consumer = parts.consume({ groupId: "group", offsetReset: "earliest" }, { group });
  consumer.assign([place]);
  return { ...parts, group, consumer };
}

test("a batch ends at its records, at its bytes, or with what there is", async () => {
  const { cluster, consumer } = await setUp(["aaaa", "bbbb", "cccc", "dddd", "eeee"]);
  const byRecords = consumer.batches({ maxRecords: 2 });
  assert.equal((await cluster.settle(byRecords.next())).value?.count, 2);
  await byRecords.return?.();
  const byBytes = consumer.batches({ maxBytes: 5 });
  assert.equal((await cluster.settle(byBytes.next())).value?.count, 2);
  assert.equal((await cluster.settle(byBytes.next())).value?.count, 1);
  await cluster.settle(consumer.close());
});

test("a batch waits for more, so long and no longer", async () => {
  const { cluster, logs, consumer } = await setUp(["a"]);
  const batches = consumer.batches({ maxRecords: 10, maxWaitMs: 3_000 });
  const next = batches.next();
  await cluster.advance(2_000);
  logs.log("orders").append(["b"]);
  const beforeMs = cluster.client.clock.monotonicMs();
  const { value } = await cluster.settle(next);
  assert.equal(value?.count, 2);
  assert.ok(cluster.client.clock.monotonicMs() - beforeMs <= 1_100);
  await cluster.settle(consumer.close());
});

test("a batch is finished when the next one is asked for", async () => {
  const { cluster, consumer, group } = await setUp(["a", "b", "c"]);
  const batches = consumer.batches({ maxRecords: 2 });
  await cluster.settle(batches.next());
  await cluster.advance(6_000);
  assert.equal(group.committed.get("orders-0")?.offset, 0);
  await cluster.settle(batches.next());
  await cluster.advance(6_000);
  assert.equal(group.committed.get("orders-0")?.offset, 2);
  await cluster.settle(consumer.close());
});

test("an error comes after the records before it", async () => {
  const { cluster, logs, consumer } = await setUp(["a"]);
  const log = logs.log("orders");
  log.append(["b"]);
  const bytes = log.batches[1]?.bytes;
  assert.ok(bytes !== undefined);
  bytes[bytes.length - 3] = 0x7a;
  const batches = consumer.batches();
  assert.equal((await cluster.settle(batches.next())).value?.count, 1);
  await assert.rejects(
    cluster.settle(batches.next()),
    (error) => error instanceof KafkaError && error.code === "CORRUPT_MESSAGE",
  );
  await cluster.settle(consumer.close());
});

test("a batch that was committed and left is not turned back by a close", async () => {
  const { cluster, consumer, group } = await setUp(["a", "b", "c"]);
  const batches = consumer.batches({ maxRecords: 2 });
  const { value } = await cluster.settle(batches.next());
  assert.ok(value !== undefined);
  await batches.return?.();
  await cluster.settle(consumer.commit(value.offsets()));
  await cluster.settle(consumer.close());
  assert.deepEqual(group.events, ["commit 2", "close"]);
});
