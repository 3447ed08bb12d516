import assert from "node:assert/strict";
import { test } from "node:test";

import {
  BatchCursor,
  batchHeader,
  buildRecordBatch,
  CorruptRecordError,
  RecordBatchBuilder,
  RecordCursor,
  type RecordInput,
  readRecords,
} from "@millrace/protocol";
import fc from "fast-check";

import { sampleRecords } from "./sample-records.ts";

const bytes = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
  fc.nat({ max: 70_000 }).map((size) => Buffer.alloc(size, "abcdefg")),
);
const header = { key: fc.string({ unit: "binary" }), value: bytes };
const headers = fc.array(fc.record(header, { noNullPrototype: true }), { maxLength: 3 });
const timestamps = fc.oneof(
  fc.integer({ min: -1, max: 2 ** 45 }),
  fc.maxSafeInteger().map((value) => Math.floor(value / 2)),
);
const recordsArbitrary = fc.array(
  fc.record({
    gap: fc.nat({ max: 300 }),
    timestamp: timestamps,
    key: bytes,
    value: bytes,
    headers,
  }),
  { maxLength: 20 },
);
const codecs = fc.constantFrom("none", "gzip", "snappy", "lz4", "zstd" as const);

test("whatever records are written are read again, with every codec", () => {
  const property = fc.property(
    recordsArbitrary,
    codecs,
    fc.nat({ max: Number.MAX_SAFE_INTEGER - 10_000 }),
    (gapped, compression, baseOffset) => {
      let offset = baseOffset;
      const records: RecordInput[] = gapped.map(({ gap, ...record }) => {
        offset += gap;
        return { offset: offset++, ...record };
      });
      const batch = buildRecordBatch(records, { compression, baseOffset });
      assert.ok(batchHeader.isCrcValid(batch, 0));
      assert.equal(batchHeader.recordsCount(batch, 0), records.length);
      assert.equal(batchHeader.nextOffset(batch, 0), offset);
      const largest = records.reduce((max, r) => Math.max(max, r.timestamp), -1);
      assert.equal(batchHeader.maxTimestamp(batch, 0), largest);
      assert.deepEqual([...readRecords(batch, 0)], records);
    },
  );
  fc.assert(property, { numRuns: 150, seed: 3 });
});

test("the fields of a record go into another batch undecoded", () => {
  const source = buildRecordBatch(sampleRecords(30), { compression: "zstd" });
  const builder = new RecordBatchBuilder({ deleteHorizonMs: 1_900_000_000_000 });
  const cursor = new RecordCursor().open(source, 0);
  while (cursor.next()) builder.appendFields(cursor.offset, cursor.timestamp, cursor.fields());
  const target = builder.build();
  assert.equal(batchHeader.deleteHorizonMs(target, 0), 1_900_000_000_000);
  assert.deepEqual([...readRecords(target, 0)], sampleRecords(30));
});

test("a batch keeps a last offset beyond its last record", () => {
  const batch = buildRecordBatch(sampleRecords(3), { lastOffset: 9 });
  assert.equal(batchHeader.lastOffset(batch, 0), 9);
  assert.equal([...readRecords(batch, 0)].length, 3);
});

test("a batch without records is whole", () => {
  const batch = buildRecordBatch([], { baseOffset: 7, lastOffset: 12, producerId: 5n });
  assert.equal(batch.length, batchHeader.HEADER_SIZE_BYTES);
  assert.equal(batchHeader.baseTimestamp(batch, 0), -1);
  assert.ok(new BatchCursor(batch).next());
  assert.deepEqual([...readRecords(batch, 0)], []);
});

test("an offset below the last one is refused", () => {
  const builder = new RecordBatchBuilder({ baseOffset: 10 });
  const record = { timestamp: 0, key: null, value: null };
  builder.append({ ...record, offset: 12 });
  assert.throws(() => builder.append({ ...record, offset: 12 }), CorruptRecordError);
});
