import assert from "node:assert/strict";
import { test } from "node:test";

import { containsAll, isEpochExhausted, union } from "../../src/transaction/transaction.ts";

const partitions = new Map([["orders", new Set([0, 1])]]);

test("the last epoch is left for fencing", () => {
  assert.equal(isEpochExhausted(0x7ffd), false);
  assert.equal(isEpochExhausted(0x7ffe), true);
});

test("partitions are compared and united by topic and number", () => {
  assert.equal(containsAll(partitions, new Map([["orders", new Set([1])]])), true);
  assert.equal(containsAll(partitions, new Map([["orders", new Set([2])]])), false);
  assert.equal(containsAll(partitions, new Map([["other", new Set([0])]])), false);
  const both = union(
    partitions,
    new Map([
      ["orders", new Set([2])],
      ["other", new Set([0])],
    ]),
  );
  assert.deepEqual(both.get("orders"), new Set([0, 1, 2]));
  assert.deepEqual(both.get("other"), new Set([0]));
  assert.deepEqual(partitions.get("orders"), new Set([0, 1]));
});
