import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  batchHeader,
  buildRecordBatch,
  codecOf,
  type CompressionName,
  compressionIds,
  CorruptRecordError,
  DecompressionError,
  RecordCursor,
  scanCompressedRecords,
} from "../../src/index.ts";

const limit = 1 << 20;
const codecs = ["gzip", "snappy", "lz4", "zstd"] as const;

/** A batch whose records are the bytes given, whatever they are. */
function batchOf(compression: CompressionName, records: Buffer, count: number): Buffer {
  const batch = Buffer.concat([
    Buffer.alloc(batchHeader.HEADER_SIZE_BYTES),
    codecOf(compression).compress(records),
  ]);
  const { batchLength, attributes, lastOffsetDelta, recordsCount } = batchHeader.fieldPositions;
  batch.writeInt32BE(batch.length - batchHeader.LOG_OVERHEAD_BYTES, batchLength);
  batch.writeInt8(batchHeader.CURRENT_MAGIC, batchHeader.fieldPositions.magic);
  batch.writeInt16BE(compressionIds[compression], attributes);
  batch.writeInt32BE(count - 1, lastOffsetDelta);
  batch.writeInt32BE(count, recordsCount);
  return batch;
}

/** Attributes, times and offsets of 0 to 63 take a byte each, twice as large as they are. */
const first = [14, 0, 0, 0, 1, 2, 118, 0];
const second = [14, 0, 8, 2, 1, 2, 119, 0];

const broken: Readonly<Record<string, { bytes: readonly number[]; count: number }>> = {
  "more records than are there": { bytes: [...first, ...second], count: 3 },
  "fewer records than are there": { bytes: [...first, ...second], count: 1 },
  "an offset left out": { bytes: [...first, 14, 0, 0, 4, 1, 2, 118, 0], count: 2 },
  "an offset twice": { bytes: [...first, ...first], count: 2 },
  "a byte after the last record": { bytes: [...first, 0], count: 1 },
  "a record longer than its batch": { bytes: [20, ...first.slice(1)], count: 1 },
  "a record shorter than its fields": { bytes: [12, ...first.slice(1)], count: 1 },
  "a length below 0": { bytes: [13, ...first.slice(1)], count: 1 },
  "a key that passes its record": { bytes: [14, 0, 0, 0, 40, 2, 118, 0], count: 1 },
  "headers that are not there": { bytes: [14, 0, 0, 0, 1, 2, 118, 6], count: 1 },
  "headers fewer than none": { bytes: [14, 0, 0, 0, 1, 2, 118, 1], count: 1 },
  "a header without a key": { bytes: [18, 0, 0, 0, 1, 2, 118, 2, 1, 1], count: 1 },
  "bytes after its fields": { bytes: [16, 0, 0, 0, 1, 2, 118, 0, 9], count: 1 },
};

for (const codec of codecs) {
  describe(`records compressed with ${codec}`, () => {
    test("whole ones give their largest timestamp", () => {
      assert.equal(
        scanCompressedRecords(batchOf(codec, Buffer.from([...first, ...second]), 2), 0, limit),
        4,
      );
    });

    for (const [what, { bytes, count }] of Object.entries(broken)) {
      test(`${what} is refused`, () => {
        const batch = batchOf(codec, Buffer.from(bytes), count);
        assert.throws(() => scanCompressedRecords(batch, 0, limit), CorruptRecordError);
      });
    }

    test("what the codec did not write, or what is larger than allowed, is refused", () => {
      const batch = batchOf(codec, Buffer.alloc(5000), 1);
      assert.throws(
        () => scanCompressedRecords(batch, 0, 4999),
        (error) => error instanceof DecompressionError && error.reason === "too large",
      );
      batch.fill(0xa5, batchHeader.HEADER_SIZE_BYTES);
      assert.throws(() => scanCompressedRecords(batch, 0, limit), DecompressionError);
    });
  });
}

test("it finds what a walk over the records finds, wherever the batch lies", () => {
  const text = fc.option(fc.uint8Array({ maxLength: 100 }));
  const record = fc.record({
    timestamp: fc.integer({ min: 0, max: 2 ** 42 }),
    key: text,
    value: text,
    headers: fc.array(fc.record({ key: fc.string(), value: text }), { maxLength: 3 }),
  });
  const records = fc.array(record, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(records, fc.constantFrom(...codecs), (given, compression) => {
      const batch = buildRecordBatch(given, { compression });
      const cursor = new RecordCursor().open(batch, 0);
      let largest = -1;
      while (cursor.next()) largest = Math.max(largest, cursor.timestamp);
      const behind = Buffer.concat([Buffer.alloc(7), batch]);
      assert.equal(scanCompressedRecords(behind, 7, limit), largest);
    }),
  );
});
