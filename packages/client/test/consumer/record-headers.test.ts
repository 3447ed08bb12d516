import assert from "node:assert/strict";
import { test } from "node:test";

import { RecordHeaders } from "../../src/consumer/record-headers.ts";

test("headers keep their order, repeat, and may have no value", () => {
  const headers = new RecordHeaders([
    { key: "a", value: Buffer.from("1") },
    { key: "b", value: null },
    { key: "a", value: Buffer.from("2") },
  ]);
  assert.equal(headers.count, 3);
  assert.equal(headers.text("a"), "2");
  assert.equal(headers.last("b"), null);
  assert.equal(headers.text("b"), null);
  assert.equal(headers.text("c"), undefined);
  assert.deepEqual(headers.all("a").map(String), ["1", "2"]);
  headers.add("c", Buffer.from("3"));
  assert.deepEqual(
    [...headers].map(({ key }) => key),
    ["a", "b", "a", "c"],
  );
});
