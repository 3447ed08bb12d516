import assert from "node:assert/strict";
import { test } from "node:test";
import { ProducerEntry } from "../src/producer-entry.ts";
import { batchOf } from "./support.ts";

function entryAfter(batchCount: number): ProducerEntry {
  const entry = new ProducerEntry(7);
  for (let at = 0; at < batchCount; at += 1) {
    const last = at * 3 + 2;
    entry.addBatch(
      { lastSequence: last, lastOffset: 100 + last, offsetDelta: 2, timestampMs: at },
      1,
    );
  }
  return entry;
}

function batch(baseSequence: number, producerEpoch = 1, count = 3): Buffer {
  const values = Array.from({ length: count }, () => "v");
  return batchOf(values, { producerId: 7n, producerEpoch, baseSequence });
}

test("the newest five batches are known again, by epoch and sequence numbers", () => {
  const entry = entryAfter(7);
  assert.equal(entry.batches.length, 5);
  assert.equal(entry.findDuplicate(batch(18), 0)?.lastOffset, 120);
  assert.equal(entry.findDuplicate(batch(6), 0)?.lastOffset, 108);
  assert.equal(entry.findDuplicate(batch(3), 0), undefined, "the sixth is forgotten");
  assert.equal(entry.findDuplicate(batch(18, 2), 0), undefined, "another epoch");
  assert.equal(entry.findDuplicate(batch(18, 1, 2), 0), undefined, "another size");
});

test("a new epoch forgets the batches, a marker ends the transaction", () => {
  const entry = entryAfter(2);
  entry.transactionFirstOffset = 100;
  entry.endTransaction({ producerEpoch: 2, coordinatorEpoch: 9, timestampMs: 50 });
  assert.equal(entry.lastSequence, -1);
  assert.equal(entry.transactionFirstOffset, -1);
  assert.equal(entry.coordinatorEpoch, 9);
  assert.equal(entry.producerEpoch, 2);
});

test("sequence numbers go on from 0 after the largest", () => {
  const entry = new ProducerEntry(7);
  entry.addBatch({ lastSequence: 1, lastOffset: 10, offsetDelta: 3, timestampMs: 0 }, 1);
  const wrapped = batch(0x7ffffffe, 1, 4);
  assert.equal(entry.findDuplicate(wrapped, 0)?.lastOffset, 10);
});
