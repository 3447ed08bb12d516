import assert from "node:assert/strict";
import { test } from "node:test";
import {
  batchHeader,
  buildRecordBatch,
  type CompressionName,
  DecompressionError,
} from "@millrace/protocol";
import { checkClientRecords, clientRecordRules } from "../src/client-records.ts";
import { configWith } from "./support.ts";

const nowMs = 1_700_000_000_000;
const dayMs = 24 * 3_600_000;
const limit = 1 << 20;
const rules = clientRecordRules(configWith(), nowMs, { topic: "orders", partition: 3 });
const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

function batchOf(compression: CompressionName, timestamps: readonly number[]): Buffer {
  const records = timestamps.map((timestamp) => ({
    timestamp,
    key: null,
    value: Buffer.from("v"),
  }));
  return buildRecordBatch(records, { compression });
}

for (const codec of codecs) {
  test(`${codec}: a record from the future behind a small header is to blame`, () => {
    const batch = batchOf(codec, [nowMs, nowMs + 10 * dayMs]);
    batchHeader.setMaxTimestamp(batch, 0, nowMs);
    const found = checkClientRecords(batch, rules, limit);
    assert.ok("error" in found && found.error === "INVALID_TIMESTAMP");
    assert.deepEqual(
      found.recordErrors.map(({ batchIndex }) => batchIndex),
      [1],
    );
  });

  test(`${codec}: the largest timestamp is that of the records, whatever the header says`, () => {
    const batch = batchOf(codec, [nowMs - 5, nowMs - 3, nowMs - 9]);
    batchHeader.setMaxTimestamp(batch, 0, nowMs + dayMs);
    assert.deepEqual(checkClientRecords(batch, rules, limit), { maxTimestamp: nowMs - 3 });
  });

  test(`${codec}: another count of records than there are is refused`, () => {
    for (const count of [1, 3, 1000]) {
      const batch = batchOf(codec, [nowMs, nowMs]);
      batch.writeInt32BE(count, batchHeader.fieldPositions.recordsCount);
      const found = checkClientRecords(batch, rules, limit);
      assert.ok("error" in found && found.error === "INVALID_RECORD", String(count));
    }
  });
}

test("records that take more than allowed are told apart from damaged ones", () => {
  const value = Buffer.alloc(5000);
  const batch = buildRecordBatch([{ timestamp: nowMs, key: null, value }], { compression: "zstd" });
  const isTooLarge = (error: unknown) =>
    error instanceof DecompressionError && error.reason === "too large";
  for (const needsKeys of [false, true]) {
    assert.throws(() => checkClientRecords(batch, { ...rules, needsKeys }, 100), isTooLarge);
  }
});
