import assert from "node:assert/strict";
import { test } from "node:test";
import { tailLine } from "../../../src/commands/tail/tail-line.ts";

const record = {
  topic: "orders",
  partition: 3,
  keyBytes: Buffer.from("k"),
  valueBytes: Buffer.from("v"),
};

test("a line names the partition, coloured only for a person", () => {
  const plain = tailLine(record, { isColoured: false, hasKey: true });
  assert.equal(plain.toString(), "orders/3 k v\n");
  const coloured = tailLine(record, { isColoured: true, hasKey: false }).toString();
  // oxlint-disable-next-line no-control-regex -- colours begin with an escape
  assert.match(coloured, /^\u001B\[\d\dmorders\/3\u001B\[0m v\n$/u);
});
