import assert from "node:assert/strict";
import { test } from "node:test";

import { checkAcknowledgement, runsOf } from "../../src/share-partition/acknowledgement.ts";
import { InFlightRanges } from "../../src/share-partition/in-flight-ranges.ts";

test("a batch is parted where its types change, and cut off before the start offset", () => {
  const runs = (types: readonly number[], startOffset: number): number[][] =>
    [...runsOf({ firstOffset: 10, lastOffset: 14, acknowledgeTypes: types }, startOffset)].map(
      ({ firstOffset, lastOffset, type }) => [firstOffset, lastOffset, type],
    );
  assert.deepEqual(runs([1], 0), [[10, 14, 1]]);
  assert.deepEqual(runs([1, 1, 2, 2, 1], 0), [
    [10, 11, 1],
    [12, 13, 2],
    [14, 14, 1],
  ]);
  assert.deepEqual(runs([1, 1, 2, 2, 1], 13), [
    [13, 13, 2],
    [14, 14, 1],
  ]);
  assert.deepEqual(runs([1], 15), []);
});

test("only acquired records of the member itself may be acknowledged", () => {
  const ranges = new InFlightRanges();
  ranges.append({
    firstOffset: 5,
    lastOffset: 9,
    state: "acquired",
    deliveryCount: 1,
    memberId: "a",
  });
  ranges.append({ firstOffset: 10, lastOffset: 14, state: "available", deliveryCount: 1 });
  const errorOf = (firstOffset: number, lastOffset: number, memberId = "a"): string | undefined =>
    checkAcknowledgement(ranges, {
      memberId,
      batches: [{ firstOffset, lastOffset, acknowledgeTypes: [1] }],
      startOffset: 5,
    })?.error;
  assert.equal(errorOf(5, 9), undefined);
  assert.equal(errorOf(0, 4), undefined);
  assert.equal(errorOf(0, 7), undefined);
  assert.equal(errorOf(5, 9, "b"), "INVALID_RECORD_STATE");
  assert.equal(errorOf(5, 10), "INVALID_RECORD_STATE");
  assert.equal(errorOf(14, 15), "INVALID_REQUEST");
});
