import assert from "node:assert/strict";
import { test } from "node:test";
import { CopyReader } from "../../src/copy/copy-reader.ts";

test("the input once and in order is right, with gaps in the offsets", () => {
  const reader = new CopyReader();
  for (const line of ["0 0", "1 1", "5 2", "6 3"]) reader.take(line);
  assert.equal(reader.seenCount, 4);
});

test("a record that is missing, doubled, out of order or at an old offset is refused", () => {
  for (const line of ["2 3", "2 1", "2 x", "1 2"]) {
    const reader = new CopyReader();
    for (const before of ["0 0", "1 1"]) reader.take(before);
    assert.throws(() => reader.take(line), /the copy is not the input|does not grow/, line);
  }
});
