import assert from "node:assert/strict";
import { test } from "node:test";
import { CleanedTransactions } from "../../src/compaction/cleaned-transactions.ts";

const aborted = { producerId: 7, firstOffset: 10, lastOffset: 30, lastStableOffset: 31 };
const batch = (lastOffset: number, producerId = 7) => ({
  producerId,
  isTransactional: true,
  lastOffset,
});
const marker = (type: "ABORT" | "COMMIT", lastOffset: number, producerId = 7) => ({
  producerId,
  type,
  lastOffset,
});

test("data of an aborted transaction can go, and its marker stays as long as there is some", () => {
  const walk = new CleanedTransactions([aborted]);
  assert.equal(walk.passBatch(batch(5)), false, "before it began");
  assert.equal(walk.passBatch(batch(12)), true);
  assert.equal(walk.passBatch(batch(14, 8)), false, "another producer's");
  assert.equal(walk.passMarker(marker("ABORT", 30)), false);
  assert.deepEqual(walk.kept, [aborted]);
  assert.equal(walk.passBatch(batch(40)), false, "the next transaction");
});

test("a marker of which no data is left can go", () => {
  const walk = new CleanedTransactions([aborted]);
  assert.equal(walk.passMarker(marker("ABORT", 30)), true);
  assert.equal(walk.passMarker(marker("COMMIT", 35, 8)), true);
  assert.deepEqual(walk.kept, []);
  assert.equal(walk.passMarker({ ...marker("ABORT", 50), type: undefined }), true);
});

test("a commit stays while data of it was passed", () => {
  const walk = new CleanedTransactions([]);
  walk.passBatch(batch(12));
  assert.equal(walk.passMarker(marker("COMMIT", 20)), false);
  assert.equal(walk.passMarker(marker("COMMIT", 25)), true);
});

test("control records of other kinds stay", () => {
  const walk = new CleanedTransactions([]);
  assert.equal(walk.passMarker({ producerId: -1, type: "other", lastOffset: 3 }), false);
});

test("a walk goes on from its state", () => {
  const first = new CleanedTransactions([aborted]);
  first.passBatch(batch(12));
  first.passBatch(batch(13, 9));
  const second = new CleanedTransactions([aborted], structuredClone(first.state));
  assert.equal(second.passMarker(marker("ABORT", 30)), false);
  assert.equal(second.passMarker(marker("COMMIT", 31, 9)), false);
});
