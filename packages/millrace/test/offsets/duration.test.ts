import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../../src/offsets/duration.ts";

test("units are added up; a fraction is fine", () => {
  for (const [text, ms] of [
    ["250ms", 250],
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["1.5d", 129_600_000],
    ["2w", 1_209_600_000],
    ["0s", 0],
  ] as const) {
    assert.equal(parseDuration(text), ms, text);
  }
});

test("without a unit, or with something behind it, it is none", () => {
  for (const text of ["", "5", "h", "5x", "1h ", "-1h", "1h30"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});
