import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedValue, isKept, verify } from "../src/verify.ts";

const values = (...numbers: readonly number[]) => numbers.map(expectedValue);
const acknowledged = new Set([0, 1, 2, 3]);

test("what was acknowledged and is there once, in order, is kept", () => {
  assert.ok(isKept(verify(acknowledged, [values(0, 2), values(1, 3, 5)])));
});

test("a missing, a doubled, an altered and a disordered record are found", () => {
  assert.deepEqual(verify(acknowledged, [values(0, 2), values(1)]).missing, [3]);
  assert.deepEqual(verify(acknowledged, [values(0, 2, 2), values(1, 3)]).doubled, [2]);
  assert.deepEqual(verify(acknowledged, [values(2, 0), values(1, 3)]).disordered, [0]);
  const [changed = ""] = values(1);
  const altered = [...values(0, 2), `${changed}x`, ...values(3)];
  assert.equal(verify(acknowledged, [altered]).altered.length, 1);
});
