import assert from "node:assert/strict";
import { test } from "node:test";

import { median, readable, spread } from "../src/statistics.ts";

test("the median is the middle value, or the mean of the middle two", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 2, 9]), 3);
});

test("the spread is the smallest and the largest value", () => {
  assert.deepEqual(spread([3, 1, 2]), [1, 3]);
});

test("a number has the decimals that it needs", () => {
  assert.deepEqual([0.854, 12.36, 1240.4, Number.NaN].map(readable), [
    "0.85",
    "12.4",
    "1,240",
    "–",
  ]);
});
