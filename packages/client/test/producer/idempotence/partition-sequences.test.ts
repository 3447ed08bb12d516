import assert from "node:assert/strict";
import { test } from "node:test";

import { BufferPool } from "../../../src/producer/batch/buffer-pool.ts";
import { ProducerBatch } from "../../../src/producer/batch/producer-batch.ts";
import { PartitionSequences } from "../../../src/producer/idempotence/partition-sequences.ts";

const producer = { producerId: 1n, producerEpoch: 0, isTransactional: false };

test("sequences follow each other by the number of records", () => {
  const { sequences, batches } = underWay([3, 1, 5]);
  assert.deepEqual(
    batches.map(({ baseSequence }) => baseSequence),
    [0, 3, 4],
  );
  assert.equal(sequences.next, 9);
  assert.equal(sequences.isNext(0), true);
  acknowledge(sequences, batches[0], 100);
  assert.equal(sequences.isNext(3), true);
  assert.equal(sequences.isNext(0), false);
  assert.equal(sequences.lastAcknowledgedOffset, 102);
});

test("after the largest sequence comes 0", () => {
  const sequences = new PartitionSequences();
  sequences.restart(producer);
  sequences.next = 0x7ffffffe;
  const first = batchOf(3);
  sequences.assign(first, producer);
  assert.equal(sequences.next, 1);
  sequences.inFlight.push(first);
  acknowledge(sequences, first, 0);
  assert.equal(sequences.isNext(1), true);
});

test("a refused batch leaves no gap: those behind it take its numbers", () => {
  const { sequences, batches } = underWay([3, 1, 5]);
  const [, refused, last] = batches;
  assert.ok(refused !== undefined && last !== undefined);
  sequences.removeWithoutGap(refused);
  assert.equal(last.baseSequence, 3);
  assert.equal(last.sequenceHasBeenReset, true);
  assert.equal(sequences.next, 8);
  assert.equal(batches[0]?.baseSequence, 0);
});

test("beginning anew counts from 0 in the order of what is under way", () => {
  const { sequences, batches } = underWay([3, 1, 5]);
  acknowledge(sequences, batches[0], 0);
  sequences.restart({ ...producer, producerEpoch: 1 });
  assert.deepEqual(
    batches.map(({ baseSequence }) => baseSequence),
    [0, 0, 1],
  );
  assert.equal(sequences.next, 6);
  assert.equal(sequences.isNext(0), true);
});

test("the parts of a divided batch share its numbers", () => {
  const { sequences, batches } = underWay([3, 4, 5]);
  const parts = [batchOf(1), batchOf(3)];
  assert.ok(batches[1] !== undefined);
  sequences.replace(batches[1], parts);
  assert.deepEqual(
    sequences.inFlight.map(({ baseSequence }) => baseSequence),
    [0, 3, 4, 7],
  );
});

function underWay(counts: readonly number[]): {
  readonly sequences: PartitionSequences;
  readonly batches: readonly ProducerBatch[];
} {
  const sequences = new PartitionSequences();
  sequences.restart(producer);
  const batches = counts.map((count) => {
    const batch = batchOf(count);
    sequences.assign(batch, producer);
    sequences.inFlight.push(batch);
    return batch;
  });
  return { sequences, batches };
}

function acknowledge(
  sequences: PartitionSequences,
  batch: ProducerBatch | undefined,
  offset: number,
): void {
  assert.ok(batch !== undefined);
  sequences.acknowledge(batch, offset);
  sequences.remove(batch);
}

function batchOf(recordsCount: number): ProducerBatch {
  const place = { topicName: "orders", partition: 0 };
  const pool = new BufferPool(1_000_000);
  const batch = new ProducerBatch({ place, pool, createdMs: 0, sizeBytes: 4096 });
  const value = Buffer.from("v");
  for (let index = 0; index < recordsCount; index += 1) {
    batch.append({ partition: 0, timestamp: 0, key: null, value, headers: [] }, undefined);
  }
  return batch;
}
