import assert from "node:assert/strict";
import { test } from "node:test";

import { javaHashCode, partitionForKey } from "../../src/coordination/java-hash.ts";

test("hashes are Java's, also where they overflow", () => {
  assert.equal(javaHashCode(""), 0);
  assert.equal(javaHashCode("abc"), 96354);
  assert.equal(javaHashCode("the quick brown fox"), 1302335171);
  assert.equal(javaHashCode("polygenelubricants"), -0x80000000);
});

test("a hash without an absolute value belongs to partition 0", () => {
  assert.equal(partitionForKey("polygenelubricants", 50), 0);
  assert.equal(partitionForKey("abc", 50), 96354 % 50);
});
