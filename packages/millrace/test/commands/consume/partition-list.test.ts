import assert from "node:assert/strict";
import { test } from "node:test";
import { partitionList } from "../../../src/commands/consume/partition-list.ts";

test("numbers and ranges, sorted, each once", () => {
  assert.deepEqual(partitionList("5-7, 0,3,6"), [0, 3, 5, 6, 7]);
});

test("what is no list is refused", () => {
  for (const text of ["", "a", "3-1", "1-", "0-99999999"]) {
    assert.throws(() => partitionList(text), /It takes 0,3,5-7/u, text);
  }
});
