import assert from "node:assert/strict";
import { test } from "node:test";
import { markers } from "../../src/rules/markers.ts";
import { findingsOf } from "../findings-of.ts";

test("a fix-me in a comment never lands", () => {
  assert.match(findingsOf(markers, { "a.ts": "\n// FIXME later" })[0] ?? "", /a\.ts:2 FIXME/);
});

test("a to-do needs the number of its issue", () => {
  assert.equal(findingsOf(markers, { "a.ts": "/* TODO tidy up */" }).length, 1);
  assert.deepEqual(findingsOf(markers, { "a.ts": "// TODO(#12) tidy up" }), []);
});

test("the same words in a string are data", () => {
  assert.deepEqual(findingsOf(markers, { "a.ts": 'const word = "FIXME";' }), []);
});
