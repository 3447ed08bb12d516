import assert from "node:assert/strict";
import { test } from "node:test";
import { topicList } from "../../../src/commands/dev/topic-list.ts";

test("names with or without partitions", () => {
  assert.deepEqual(topicList("orders:3, a.b-c_d"), [
    { name: "orders", numPartitions: 3 },
    { name: "a.b-c_d", numPartitions: 1 },
  ]);
});

test("what is no list is refused", () => {
  for (const text of ["", "a:0", "a:x", "a b", ":3"]) {
    assert.throws(() => topicList(text), /It takes orders:3,payments/u, text);
  }
});
