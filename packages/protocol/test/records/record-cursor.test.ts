import assert from "node:assert/strict";
import { test } from "node:test";

import {
  batchHeader,
  buildRecordBatch,
  CorruptRecordError,
  compressionOf,
  DecompressionError,
  RecordCursor,
} from "@millrace/protocol";
import fc from "fast-check";

import { sampleRecords } from "./sample-records.ts";

function readAll(batch: Buffer, sizeBytesMax?: number): number {
  const cursor = new RecordCursor().open(batch, 0, sizeBytesMax);
  let count = 0;
  while (cursor.next()) {
    cursor.record();
    count++;
  }
  return count;
}

test("one cursor serves batches of several codecs in turn", () => {
  const cursor = new RecordCursor();
  for (const compression of ["zstd", "none", "gzip"] as const) {
    const batch = buildRecordBatch(sampleRecords(50), { compression });
    assert.equal(compressionOf(batch, 0), compression);
    cursor.open(batch, 0);
    let count = 0;
    while (cursor.next()) count++;
    assert.equal(count, 50);
    assert.equal(cursor.next(), false);
  }
});

test("a count that is not the number of records is found", () => {
  for (const count of [19, 21, -1, 2 ** 31 - 1]) {
    const batch = buildRecordBatch(sampleRecords(20));
    batch.writeInt32BE(count, batchHeader.fieldPositions.recordsCount);
    assert.throws(() => readAll(batch), CorruptRecordError, `count ${count}`);
  }
});

test("an offset delta outside the batch is found", () => {
  const batch = buildRecordBatch(sampleRecords(20));
  batch.writeInt32BE(18, batchHeader.fieldPositions.lastOffsetDelta);
  assert.throws(() => readAll(batch), CorruptRecordError);
});

test("integers that are too long are found", () => {
  // Length, attributes, timestamp delta, offset delta, key, value, headers.
  const bodies = [
    "ffffffffff01",
    "ffffffff7f",
    "1600" + "ffffffffffffffffffff01" + "00010100",
    "1600" + "ffffffffffffffffff01" + "00010100",
    "0c0000" + "ffffffff7f",
    "0c0000" + "00" + "02" + "02" + "02",
    "0c000000" + "0101" + "ffffffff0f",
    "0c000000" + "0101" + "01" + "00",
  ];
  for (const body of bodies) {
    const record = Buffer.from(body, "hex");
    const batch = Buffer.concat([buildRecordBatch([]), record]);
    batch.writeInt32BE(batch.length - 12, 8);
    batch.writeInt32BE(1, batchHeader.fieldPositions.recordsCount);
    assert.throws(() => readAll(batch), CorruptRecordError, body);
  }
});

test("a bomb is refused at the limit, with every codec", () => {
  const value = Buffer.alloc(20 * 1024 * 1024);
  for (const compression of ["gzip", "snappy", "lz4", "zstd"] as const) {
    const batch = buildRecordBatch([{ timestamp: 0, key: null, value }], { compression });
    assert.throws(
      () => readAll(batch, 1024 * 1024),
      (error) => error instanceof DecompressionError && error.reason === "too large",
      compression,
    );
    assert.equal(readAll(batch), 1);
  }
});

test("an unknown codec is refused", () => {
  const batch = buildRecordBatch(sampleRecords(1));
  batch[22] = 5;
  assert.throws(() => readAll(batch), CorruptRecordError);
  assert.throws(() => compressionOf(batch, 0), CorruptRecordError);
});

test("no damage makes the reader hang or throw anything but its own errors", () => {
  const property = fc.property(
    fc.constantFrom("none", "gzip", "snappy", "lz4", "zstd" as const),
    fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), {
      minLength: 1,
      maxLength: 8,
    }),
    fc.nat({ max: 40 }),
    (compression, changes, cut) => {
      const whole = buildRecordBatch(sampleRecords(40), { compression });
      const batch = Buffer.from(whole.subarray(0, whole.length - cut));
      for (const { at, byte } of changes) {
        const position = 23 + (at % (batch.length - 23));
        batch[position] = byte;
      }
      batch.writeInt32BE(batch.length - 12, 8);
      try {
        readAll(batch, 4 * 1024 * 1024);
      } catch (error) {
        const isOurs = error instanceof CorruptRecordError || error instanceof DecompressionError;
        if (!isOurs) throw error;
      }
    },
  );
  fc.assert(property, { numRuns: 2000, seed: 5 });
});

test("key, value and headers are found again by their positions after the cursor has gone on", () => {
  const records = sampleRecords(20);
  const cursor = new RecordCursor().open(buildRecordBatch(records, { compression: "gzip" }), 0);
  const places = [];
  while (cursor.next()) {
    const { bytes, valuePosition, valueSizeBytes, headersPosition, headerCount } = cursor;
    places.push({ bytes, valuePosition, valueSizeBytes, headersPosition, headerCount });
  }
  const again = new RecordCursor();
  for (const [index, place] of places.entries()) {
    const { bytes, valuePosition, valueSizeBytes } = place;
    const value = bytes.subarray(valuePosition, valuePosition + Math.max(0, valueSizeBytes));
    assert.deepEqual(value, Buffer.from(records[index]?.value ?? []));
    const headers = again.headersAt(bytes, place.headersPosition, place.headerCount);
    assert.deepEqual(
      headers.map(({ key }) => key),
      (records[index]?.headers ?? []).map(({ key }) => String(key)),
    );
  }
});
