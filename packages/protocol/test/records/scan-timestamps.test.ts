import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import {
  batchHeader,
  buildRecordBatch,
  CorruptRecordError,
  RecordCursor,
  scanTimestamps,
} from "@millrace/protocol";

import { SAMPLE_TIMESTAMP, sampleRecords } from "./sample-records.ts";

const { fieldPositions } = batchHeader;

/** What the walk over whole records says, or that it refuses. */
function walked(batch: Buffer): number | "corrupt" {
  try {
    const cursor = new RecordCursor().open(batch, 0);
    let largest = -1;
    while (cursor.next()) largest = Math.max(largest, cursor.timestamp);
    return largest;
  } catch (error) {
    assert.ok(error instanceof CorruptRecordError);
    return "corrupt";
  }
}

test("the largest timestamp is that of the records, whatever the header says", () => {
  const batch = buildRecordBatch(sampleRecords(20));
  batchHeader.setMaxTimestamp(batch, 0, 1);
  assert.equal(scanTimestamps(batch, 0), SAMPLE_TIMESTAMP + 57);
});

test("it agrees with a walk over whole records", () => {
  const time = fc.oneof(fc.constant(-1), fc.maxSafeNat(), fc.integer({ min: 0, max: 300 }));
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 30 }), fc.nat(300), (times, size) => {
      const value = Buffer.alloc(size);
      const records = times.map((timestamp) => ({ timestamp, key: null, value }));
      const batch = Buffer.concat([Buffer.alloc(7), buildRecordBatch(records)]);
      assert.equal(scanTimestamps(batch, 7), walked(batch.subarray(7)));
    }),
  );
});

test("a batch that has more or fewer records than it says is corrupt", () => {
  for (const count of [2, 4]) {
    const batch = buildRecordBatch(sampleRecords(3));
    batch.writeInt32BE(count, fieldPositions.recordsCount);
    batch.writeInt32BE(count - 1, fieldPositions.lastOffsetDelta);
    assert.throws(() => scanTimestamps(batch, 0), CorruptRecordError);
  }
});

test("damaged bytes never make it read beyond the batch or for ever", () => {
  fc.assert(
    fc.property(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 12 }), (at, bytes) => {
      const batch = buildRecordBatch(sampleRecords(5));
      const room = batch.length - batchHeader.HEADER_SIZE_BYTES;
      batch.set(bytes.subarray(0, room), batchHeader.HEADER_SIZE_BYTES + (at % (room - 12)));
      const behind = Buffer.concat([batch, Buffer.alloc(100, 0xff)]);
      try {
        scanTimestamps(behind, 0);
      } catch (error) {
        assert.ok(error instanceof CorruptRecordError);
        assert.equal(walked(batch), "corrupt");
      }
    }),
  );
});
