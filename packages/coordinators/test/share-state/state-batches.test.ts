import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { combineStateBatches, type StateBatch } from "../../src/share-state/state-batches.ts";

const available = 0;
const acknowledged = 2;
const archived = 4;

function batch(
  firstOffset: number,
  lastOffset: number,
  deliveryState = available,
  deliveryCount = 1,
): StateBatch {
  return { firstOffset, lastOffset, deliveryState, deliveryCount };
}

test("a later word on a part of a range splits it", () => {
  assert.deepEqual(combineStateBatches([batch(0, 9)], [batch(3, 5, acknowledged)], 0), [
    batch(0, 2),
    batch(3, 5, acknowledged),
    batch(6, 9),
  ]);
});

test("neighbours that say the same become one range", () => {
  const soFar = [batch(0, 3, acknowledged), batch(4, 5)];
  assert.deepEqual(combineStateBatches(soFar, [batch(4, 9, acknowledged)], 0), [
    batch(0, 9, acknowledged),
  ]);
});

test("what lies before the start offset is forgotten", () => {
  const soFar = [batch(0, 3, acknowledged), batch(4, 9)];
  assert.deepEqual(combineStateBatches(soFar, [], 6), [batch(6, 9)]);
  assert.deepEqual(combineStateBatches(soFar, [], -1), soFar);
});

test("a record that was delivered again is not what it was before", () => {
  const soFar = [batch(0, 9, available, 2)];
  assert.deepEqual(combineStateBatches(soFar, [batch(2, 3, archived, 1)], 0), soFar);
});

test("ranges that end before they begin are no ranges", () => {
  assert.deepEqual(combineStateBatches([], [batch(5, 3), batch(-4, 2)], 0), []);
});

const batches = fc.array(
  fc
    .tuple(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom(available, acknowledged, archived),
      fc.integer({ min: 1, max: 3 }),
    )
    .map(([first, length, state, count]) => batch(first, first + length, state, count)),
  { maxLength: 12 },
);

test("each offset has the highest delivery and state that anybody told of it", () => {
  fc.assert(
    fc.property(batches, batches, fc.integer({ min: -1, max: 35 }), (soFar, news, startOffset) => {
      const combined = combineStateBatches(soFar, news, startOffset);
      const told = [...soFar, ...news];
      for (let offset = 0; offset < 50; offset++) {
        const about = told.filter(
          ({ firstOffset, lastOffset }) => firstOffset <= offset && offset <= lastOffset,
        );
        const ranks = about.map((each) => each.deliveryCount * 10 + each.deliveryState);
        const expected = offset < startOffset || ranks.length === 0 ? [] : [Math.max(...ranks)];
        const found = combined
          .filter((each) => each.firstOffset <= offset && offset <= each.lastOffset)
          .map((each) => each.deliveryCount * 10 + each.deliveryState);
        assert.deepEqual(found, expected, `offset ${offset}`);
      }
      for (const [index, each] of combined.entries()) {
        const next = combined[index + 1];
        if (next === undefined) continue;
        assert.ok(each.lastOffset < next.firstOffset, "ascending");
        const isOne =
          each.lastOffset + 1 === next.firstOffset &&
          each.deliveryCount === next.deliveryCount &&
          each.deliveryState === next.deliveryState;
        assert.ok(!isOne, "neighbours that say the same");
      }
    }),
    { seed: 20261123, numRuns: 300 },
  );
});
