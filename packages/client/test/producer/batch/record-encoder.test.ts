import assert from "node:assert/strict";
import { test } from "node:test";

import { buildRecordBatch, RecordBatchBuilder } from "@millrace/protocol";
import fc from "fast-check";

import { recordSizeBytesMax, writeRecord } from "../../../src/producer/batch/record-encoder.ts";
import type { SerializedRecord } from "../../../src/producer/producer-record.ts";

const headerSizeBytes = 61;
const bytes = fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some));
const records = fc.array(
  fc.record({
    partition: fc.constant(0),
    timestamp: fc.oneof(fc.nat(), fc.nat(2 ** 45), fc.constant(0)),
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.array(fc.record({ key: bytes, value: fc.option(bytes) }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 20 },
);

test("records are written byte for byte as the protocol's own builder writes them", () => {
  fc.assert(
    fc.property(records, (some: readonly SerializedRecord[]) => {
      const expected = buildRecordBatch(some).subarray(headerSizeBytes);
      assert.deepEqual(written(some), expected);
    }),
  );
});

test("offsets and timestamps of every length in bytes are written as the builder writes them", () => {
  const value = Buffer.from("v");
  for (const delta of [
    63,
    64,
    8191,
    8192,
    1048575,
    1048576,
    2 ** 30 - 1,
    2 ** 30,
    2 ** 31,
    2 ** 40,
  ]) {
    for (const timestamp of [delta, -delta]) {
      const builder = new RecordBatchBuilder();
      const first = { partition: 0, timestamp: 0, key: null, value, headers: [] };
      const second = { ...first, timestamp };
      builder.append(first);
      builder.append(second);
      assert.deepEqual(written([first, second]), builder.build().subarray(headerSizeBytes));
    }
  }
});

test("the upper limit of a record's size is none too low", () => {
  fc.assert(
    fc.property(records, (some: readonly SerializedRecord[]) => {
      let limit = 0;
      for (const record of some) limit += recordSizeBytesMax(record);
      assert.ok(written(some).length <= limit);
    }),
  );
});

function written(some: readonly SerializedRecord[]): Buffer {
  const target = Buffer.alloc(100_000);
  let at = 0;
  const base = some[0]?.timestamp ?? 0;
  for (const [offset, record] of some.entries()) {
    at = writeRecord(target, at, record, { offset, timestamp: record.timestamp - base });
  }
  return target.subarray(0, at);
}
