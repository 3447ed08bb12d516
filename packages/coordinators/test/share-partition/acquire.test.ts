import assert from "node:assert/strict";
import { test } from "node:test";

import { acquireRecords, withoutBatches } from "../../src/share-partition/acquire.ts";
import { InFlightRanges } from "../../src/share-partition/in-flight-ranges.ts";
import type { AcquireRequest } from "../../src/share-partition/share-types.ts";

const request: AcquireRequest = {
  memberId: "a",
  mode: "batch_optimized",
  batchSize: 500,
  maxRecords: 500,
  fetchOffset: 0,
  batches: [{ baseOffset: 0, lastOffset: 9 }],
  abortedBatches: [],
  lockedUntilMs: 100,
  limits: { deliveryCountMax: 5, recordLocksMax: 100 },
};

test("what is available again goes first, then what is new", () => {
  const ranges = new InFlightRanges();
  ranges.append({ firstOffset: 0, lastOffset: 2, state: "available", deliveryCount: 1 });
  ranges.append({
    firstOffset: 3,
    lastOffset: 4,
    state: "acquired",
    deliveryCount: 1,
    memberId: "b",
  });
  const scope = { ranges, startOffset: 0, nextOffset: 5 };
  const { acquired, nextOffset } = acquireRecords(scope, request);
  assert.deepEqual(acquired, [
    { firstOffset: 0, lastOffset: 2, deliveryCount: 2 },
    { firstOffset: 5, lastOffset: 9, deliveryCount: 1 },
  ]);
  assert.equal(nextOffset, 10);
});

test("nothing new goes along with records that were delivered suspiciously often", () => {
  const ranges = new InFlightRanges();
  ranges.append({ firstOffset: 0, lastOffset: 3, state: "available", deliveryCount: 3 });
  const { acquired } = acquireRecords({ ranges, startOffset: 0, nextOffset: 4 }, request);
  assert.deepEqual(acquired, [{ firstOffset: 0, lastOffset: 1, deliveryCount: 4 }]);
});

test("only what the read covers can be acquired", () => {
  const ranges = new InFlightRanges();
  ranges.append({ firstOffset: 0, lastOffset: 9, state: "available", deliveryCount: 1 });
  const batches = [{ baseOffset: 4, lastOffset: 6 }];
  const scope = { ranges, startOffset: 0, nextOffset: 10 };
  const { acquired } = acquireRecords(scope, { ...request, batches });
  assert.deepEqual(acquired, [{ firstOffset: 4, lastOffset: 6, deliveryCount: 2 }]);
});

test("taking batches out of acquired ranges leaves the rest", () => {
  const range = (firstOffset: number, lastOffset: number) => ({
    firstOffset,
    lastOffset,
    deliveryCount: 1,
  });
  const batch = (baseOffset: number, lastOffset: number) => ({ baseOffset, lastOffset });
  const acquired = [range(0, 9), range(10, 19)];
  assert.deepEqual(withoutBatches(acquired, []), acquired);
  assert.deepEqual(withoutBatches(acquired, [batch(0, 1), batch(8, 12), batch(15, 15)]), [
    range(2, 7),
    range(13, 14),
    range(16, 19),
  ]);
  assert.deepEqual(withoutBatches(acquired, [batch(0, 30)]), []);
});
