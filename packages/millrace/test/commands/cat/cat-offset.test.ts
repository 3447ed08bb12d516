import assert from "node:assert/strict";
import { test } from "node:test";
import { catOffset } from "../../../src/commands/cat/cat-offset.ts";

test("offsets are kcat's", () => {
  assert.deepEqual(catOffset([]), { from: { kind: "start" }, to: undefined });
  assert.deepEqual(catOffset(["-5"]).from, { kind: "fromEnd", count: 5 });
  assert.deepEqual(catOffset(["42"]).from, { kind: "offset", offset: 42 });
  assert.deepEqual(catOffset(["s@7", "e@9"]), {
    from: { kind: "timestamp", timestampMs: 7 },
    to: { kind: "timestamp", timestampMs: 9 },
  });
  assert.throws(() => catOffset(["soon"]), /-o takes beginning/u);
});
