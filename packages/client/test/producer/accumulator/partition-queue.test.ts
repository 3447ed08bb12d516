import assert from "node:assert/strict";
import { test } from "node:test";

import { PartitionQueue } from "../../../src/producer/accumulator/partition-queue.ts";
import { BufferPool } from "../../../src/producer/batch/buffer-pool.ts";
import { ProducerBatch } from "../../../src/producer/batch/producer-batch.ts";

test("batches that come back stand before new ones, in the order in which they were sent", () => {
  const queue = new PartitionQueue("orders", 0);
  const [first, second, third, fresh] = [batchOf(), batchOf(), batchOf(), batchOf()];
  queue.sequences.inFlight.push(first, second, third);
  queue.batches.push(fresh);
  for (const batch of [third, first, second]) queue.putBack(batch);
  assert.deepEqual(queue.batches, [first, second, third, fresh]);
  assert.equal(queue.isBusy, true);
});

test("the last batch takes records while it is open; a closed first one may be sent at once", () => {
  const queue = new PartitionQueue("orders", 0);
  assert.equal(queue.openBatch, undefined);
  const batch = batchOf();
  queue.batches.push(batch);
  assert.equal(queue.openBatch, batch);
  assert.equal(queue.hasClosedBatch, false);
  batch.close("none", undefined);
  assert.equal(queue.openBatch, undefined);
  assert.equal(queue.hasClosedBatch, true);
  queue.remove(batch);
  assert.equal(queue.isBusy, false);
});

function batchOf(): ProducerBatch {
  const place = { topicName: "orders", partition: 0 };
  return new ProducerBatch({ place, pool: new BufferPool(10_000), createdMs: 0, sizeBytes: 100 });
}
