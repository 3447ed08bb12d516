import assert from "node:assert/strict";
import { test } from "node:test";

import { buildEndTransactionBatch, buildRecordBatch } from "@millrace/protocol";

import { batchesOf, bytesOfAcquired } from "../../src/share/fetched-batches.ts";

function batch(baseOffset: number, count: number, producerId?: bigint): Buffer {
  const records = Array.from({ length: count }, () => ({
    key: null,
    value: Buffer.from("value"),
    timestamp: 1,
  }));
  const producer = producerId === undefined ? {} : { producerId, isTransactional: true };
  return buildRecordBatch(records, { baseOffset, ...producer });
}

test("batches are walked over all chunks, with what transactions need", () => {
  const abort = buildEndTransactionBatch(
    { type: "ABORT", coordinatorEpoch: 0 },
    { producerId: 7n, producerEpoch: 0, timestamp: 1, baseOffset: 8 },
  );
  const commit = buildEndTransactionBatch(
    { type: "COMMIT", coordinatorEpoch: 0 },
    { producerId: 7n, producerEpoch: 0, timestamp: 1, baseOffset: 9 },
  );
  const chunks = [Buffer.concat([batch(0, 3), batch(3, 5, 7n)]), Buffer.concat([abort, commit])];
  const seen = batchesOf(chunks).map((each) => [
    each.baseOffset,
    each.lastOffset,
    each.producerId,
    each.isTransactional,
    each.isAbortMarker,
  ]);
  assert.deepEqual(seen, [
    [0, 2, -1n, false, false],
    [3, 7, 7n, true, false],
    [8, 8, 7n, true, true],
    [9, 9, 7n, true, false],
  ]);
});

test("batches without an acquired record at either end are left out, and nothing is copied", () => {
  const chunk = Buffer.concat([batch(0, 2), batch(2, 2), batch(4, 2)]);
  const other = batch(6, 2);
  const batches = batchesOf([chunk, other]);
  const cut = bytesOfAcquired(batches, [
    { firstOffset: 3, lastOffset: 3, deliveryCount: 1 },
    { firstOffset: 6, lastOffset: 6, deliveryCount: 1 },
  ]);
  assert.equal(cut.chunks.length, 2);
  assert.equal(cut.chunks[0]?.buffer, chunk.buffer);
  assert.equal(cut.sizeBytes, chunk.length + other.length - batch(0, 2).length);
  assert.deepEqual(
    batchesOf(cut.chunks).map(({ baseOffset }) => baseOffset),
    [2, 4, 6],
  );
  assert.deepEqual(bytesOfAcquired(batches, []), { chunks: [], sizeBytes: 0 });
});
