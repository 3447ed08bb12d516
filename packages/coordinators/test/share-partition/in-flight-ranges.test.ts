import assert from "node:assert/strict";
import { test } from "node:test";

import { InFlightRanges } from "../../src/share-partition/in-flight-ranges.ts";

function shape(ranges: InFlightRanges): [number, number, string][] {
  return ranges.all().map(({ firstOffset, lastOffset, state }) => [firstOffset, lastOffset, state]);
}

function held(...bounds: (readonly [number, number])[]): InFlightRanges {
  const ranges = new InFlightRanges();
  for (const [firstOffset, lastOffset] of bounds) {
    ranges.append({ firstOffset, lastOffset, state: "acquired", deliveryCount: 1, memberId: "a" });
  }
  return ranges;
}

test("a range is parted where somebody points to it, and the parts find together again", () => {
  const ranges = held([0, 9]);
  assert.deepEqual(ranges.isolate(3, 5), { start: 1, end: 2 });
  assert.deepEqual(shape(ranges), [
    [0, 2, "acquired"],
    [3, 5, "acquired"],
    [6, 9, "acquired"],
  ]);
  ranges.merge(3, 5);
  assert.deepEqual(shape(ranges), [[0, 9, "acquired"]]);
});

test("what is done with is one range, by whatever way it came there; batches stay apart", () => {
  const ranges = held([0, 4], [5, 9], [10, 14]);
  const [first, second] = ranges.all();
  assert.ok(first !== undefined && second !== undefined);
  ranges.merge(0, 14);
  assert.equal(ranges.size, 3);
  ranges.setState(first, "acknowledged");
  ranges.setState(second, "archived");
  ranges.merge(0, 14);
  assert.deepEqual(shape(ranges), [
    [0, 9, "acknowledged"],
    [10, 14, "acquired"],
  ]);
  assert.equal(ranges.completeCount, 10);
});

test("offsets between two ranges belong to none", () => {
  const ranges = held([0, 4], [10, 14]);
  assert.equal(ranges.indexFrom(7), 1);
  assert.deepEqual(ranges.isolate(6, 8), { start: 1, end: 1 });
  ranges.removeBefore(7);
  assert.deepEqual(shape(ranges), [[10, 14, "acquired"]]);
  ranges.removeBefore(12);
  assert.deepEqual(shape(ranges), [[12, 14, "acquired"]]);
});

test("the count of what is done with follows every change", () => {
  const ranges = held([0, 9]);
  const [range] = ranges.all();
  assert.ok(range !== undefined);
  ranges.setState(range, "archived");
  assert.equal(ranges.completeCount, 10);
  ranges.removeBefore(4);
  assert.equal(ranges.completeCount, 6);
  ranges.setState(range, "archived");
  ranges.removeBefore(100);
  assert.equal(ranges.completeCount, 0);
});
