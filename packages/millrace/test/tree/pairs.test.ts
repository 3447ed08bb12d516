import assert from "node:assert/strict";
import { test } from "node:test";
import { pairOf, pairs } from "../../src/tree/pairs.ts";

test("pairs add up; what stands behind the first sign is the value", () => {
  assert.deepEqual(pairs("a=b=c", pairs("x=", undefined)), { x: "", a: "b=c" });
  assert.throws(() => pairOf("=b"), /key=value/u);
  assert.throws(() => pairOf("word"), /not "word"/u);
});
