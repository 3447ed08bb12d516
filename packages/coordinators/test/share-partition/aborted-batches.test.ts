import assert from "node:assert/strict";
import { test } from "node:test";

import {
  findAbortedBatches,
  type TransactionalBatch,
} from "../../src/share-partition/aborted-batches.ts";

function batch(
  baseOffset: number,
  producerId: bigint,
  overrides: Partial<TransactionalBatch> = {},
): TransactionalBatch {
  return {
    baseOffset,
    lastOffset: baseOffset + 1,
    producerId,
    isTransactional: true,
    isControl: false,
    isAbortMarker: false,
    ...overrides,
  };
}

const marker = { isControl: true, isAbortMarker: true };

test("a producer's batches are aborted from its transaction's start to its marker", () => {
  const batches = [
    batch(0, 1n),
    batch(2, 2n),
    batch(4, 1n, { isTransactional: false }),
    batch(6, -1n),
    batch(8, 1n),
    batch(10, 1n, marker),
    batch(12, 1n),
    batch(14, 2n, { isControl: true }),
  ];
  const found = findAbortedBatches(batches, [{ producerId: 1n, firstOffset: 0 }]);
  assert.deepEqual(found, [
    { baseOffset: 0, lastOffset: 1 },
    { baseOffset: 8, lastOffset: 9 },
  ]);
});

test("two transactions of one producer are told apart, in any order", () => {
  const batches = [batch(0, 1n), batch(2, 1n, marker), batch(4, 1n), batch(6, 1n)];
  const aborted = [
    { producerId: 1n, firstOffset: 6 },
    { producerId: 1n, firstOffset: 0 },
  ];
  assert.deepEqual(findAbortedBatches(batches, aborted), [
    { baseOffset: 0, lastOffset: 1 },
    { baseOffset: 6, lastOffset: 7 },
  ]);
  assert.deepEqual(findAbortedBatches(batches, []), []);
});
