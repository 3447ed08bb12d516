import assert from "node:assert/strict";
import { test } from "node:test";

import { startLogs } from "./support/scripted-logs.ts";

test("a batch tells the offsets after its last records, for a transaction to commit", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders", 2);
  logs.log("orders", 0).append(["a", "b"]);
  logs.log("orders", 1).append(["c"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([0, 1].map((partition) => ({ topic: "orders", partition })));
  const next = consumer.batches({ maxRecords: 3, maxWaitMs: 1_000 }).next();
  const { value: batch } = await cluster.settle(next);
  assert.ok(batch !== undefined);
  assert.equal(batch.count, 3);
  assert.equal(batch.sizeBytes, 3);
  assert.equal([...batch].length, 3);
  const offsets = batch.offsets().map(({ partition, offset }) => [partition, offset]);
  assert.deepEqual(Object.fromEntries(offsets), { 0: 2, 1: 1 });
  await cluster.settle(consumer.close());
});
