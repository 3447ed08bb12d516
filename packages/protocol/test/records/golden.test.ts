/**
 * Batches that Apache Kafka 4.3.1's own classes wrote
 * (tests/conformance/records/RecordsPeer.java), kept as hexadecimal text.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  BatchCursor,
  batchHeader,
  buildEndTransactionBatch,
  buildRecordBatch,
  checkProducedHeader,
  decodeControlKey,
  decodeEndTransactionMarker,
  isBatchCrcValid,
  lastOffsetOf,
  readRecords,
} from "@millrace/protocol";

import { SAMPLE_TIMESTAMP, sampleRecords } from "./sample-records.ts";

const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
const rules = { batchSizeBytesMax: 1 << 20, allowsZstd: true };

function golden(name: string): Buffer {
  const text = readFileSync(new URL(`../golden/records/${name}.hex`, import.meta.url), "ascii");
  return Buffer.from(text.replaceAll("\n", ""), "hex");
}

for (const codec of codecs) {
  test(`a batch that Kafka compressed with ${codec} is read`, () => {
    const batch = golden(`v2-${codec}`);
    assert.equal(checkProducedHeader(batch, 0, batch.length, rules), undefined);
    assert.deepEqual([...readRecords(batch, 0)], sampleRecords(20));
  });
}

test("an uncompressed batch has the bytes that Kafka writes", () => {
  assert.deepEqual(buildRecordBatch(sampleRecords(20)), golden("v2-none"));
});

test("a transactional batch has the bytes that Kafka writes", () => {
  const batch = buildRecordBatch(sampleRecords(20, 100), {
    baseOffset: 100,
    producerId: 4711n,
    producerEpoch: 3,
    baseSequence: 2147483640,
    isTransactional: true,
    partitionLeaderEpoch: 7,
  });
  assert.deepEqual(batch, golden("v2-transactional"));
  // Sequence numbers go on from 0 after 2^31-1.
  assert.equal(batchHeader.lastSequence(batch, 0), 11);
});

test("a batch with the broker's time has the bytes that Kafka writes", () => {
  const options = { baseOffset: 5, logAppendTimeMs: 1_800_000_000_000 };
  const batch = buildRecordBatch(sampleRecords(20, 5), options);
  assert.deepEqual(batch, golden("v2-log-append-time"));
  assert.ok([...readRecords(batch, 0)].every((r) => r.timestamp === 1_800_000_000_000));
});

for (const type of ["COMMIT", "ABORT"] as const) {
  test(`a transaction marker ${type} has the bytes that Kafka writes`, () => {
    const batch = buildEndTransactionBatch(
      { type, coordinatorEpoch: 12 },
      {
        baseOffset: 55,
        timestamp: SAMPLE_TIMESTAMP,
        partitionLeaderEpoch: 9,
        producerId: 4711n,
        producerEpoch: 3,
      },
    );
    assert.deepEqual(batch, golden(`v2-${type.toLowerCase()}`));
    const [marker] = [...readRecords(batch, 0)];
    assert.equal(decodeControlKey(marker?.key ?? null), type);
    assert.equal(decodeEndTransactionMarker(marker?.value ?? null), 12);
  });
}

for (const magic of [0, 1]) {
  for (const codec of ["none", "gzip", "snappy", "lz4"]) {
    test(`a message set of format ${magic} compressed with ${codec} is read`, () => {
      const set = golden(`v${magic}-${codec}`);
      const cursor = new BatchCursor(set);
      const records = [];
      while (cursor.next()) {
        assert.equal(cursor.magic, magic);
        assert.ok(isBatchCrcValid(set, cursor.position));
        const inside = [...readRecords(set, cursor.position)];
        assert.equal(lastOffsetOf(set, cursor.position), inside.at(-1)?.offset);
        records.push(...inside);
      }
      assert.equal(cursor.stop, "end");
      const expected = sampleRecords(20).map((record) => ({
        ...record,
        timestamp: magic === 0 ? -1 : record.timestamp,
        headers: [],
      }));
      assert.deepEqual(records, expected);
    });
  }

  test(`a message set of format ${magic} is refused on Produce`, () => {
    const set = golden(`v${magic}-none`);
    assert.equal(checkProducedHeader(set, 0, set.length, rules)?.error, "INVALID_RECORD");
  });
}
