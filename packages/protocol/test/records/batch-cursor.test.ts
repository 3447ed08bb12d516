import assert from "node:assert/strict";
import { test } from "node:test";

import { BatchCursor, batchSizeAt, buildRecordBatch } from "@millrace/protocol";

import { sampleRecords } from "./sample-records.ts";

const first = buildRecordBatch(sampleRecords(3));
const second = buildRecordBatch(sampleRecords(5), { compression: "gzip" });
const both = Buffer.concat([first, second]);

test("batches are walked one after the other", () => {
  const cursor = new BatchCursor(both);
  assert.ok(cursor.next());
  assert.deepEqual([cursor.position, cursor.sizeBytes, cursor.magic], [0, first.length, 2]);
  assert.ok(cursor.next());
  assert.deepEqual([cursor.position, cursor.sizeBytes], [first.length, second.length]);
  assert.equal(cursor.next(), false);
  assert.equal(cursor.stop, "end");
  assert.equal(cursor.position, both.length);
  assert.ok(cursor.reset(first).next());
});

test("a cut batch is partial, wherever it is cut", () => {
  for (let end = first.length + 1; end < both.length; end++) {
    const cursor = new BatchCursor(both, 0, end);
    assert.ok(cursor.next());
    assert.equal(cursor.next(), false);
    assert.deepEqual([cursor.stop, cursor.position], ["partial", first.length]);
  }
});

test("an impossible length or magic is corrupt", () => {
  for (const [position, value] of [
    [8, -1],
    [8, 13],
    [8, 48],
    [13, 0x00ffffff],
  ] as const) {
    const damaged = Buffer.from(first);
    damaged.writeInt32BE(value, position);
    const cursor = new BatchCursor(damaged);
    assert.equal(cursor.next(), false);
    assert.equal(cursor.stop, "corrupt", `${value} at ${position}`);
  }
});

test("the size of a batch is known from its first 17 bytes", () => {
  assert.equal(batchSizeAt(first, 0, 17), first.length);
  assert.equal(batchSizeAt(first, 0, 16), 0);
});
