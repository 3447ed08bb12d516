import assert from "node:assert/strict";
import { test } from "node:test";
import { addCounts, noTests } from "../src/stage.ts";

test("counts add up field by field", () => {
  const one = { ...noTests, tests: 3, passed: 1, failed: 1, skipped: 1 };
  assert.deepEqual(addCounts(one, one), { ...noTests, tests: 6, passed: 2, failed: 2, skipped: 2 });
  assert.deepEqual(addCounts(one, noTests), one);
});
