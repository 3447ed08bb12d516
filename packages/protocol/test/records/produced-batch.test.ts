import assert from "node:assert/strict";
import { test } from "node:test";

import {
  batchHeader,
  buildEndTransactionBatch,
  buildRecordBatch,
  checkProducedHeader,
  checkProducedRecords,
  DecompressionError,
  type ProducedHeaderRules,
  type ProducedRecordRules,
  RecordCursor,
} from "@millrace/protocol";

import { SAMPLE_TIMESTAMP, sampleRecords } from "./sample-records.ts";

const headerRules: ProducedHeaderRules = {
  batchSizeBytesMax: 1 << 20,
  allowsZstd: true,
};
const recordRules: ProducedRecordRules = {
  needsKeys: false,
  topic: "orders",
  partition: 0,
  createTime: undefined,
  decompressedSizeBytesMax: 1 << 24,
};

/** Changes a good batch, gives it a right checksum again, and tells how it is refused. */
function refusalAfter(change: (batch: Buffer) => void, rules = headerRules): string | undefined {
  const batch = buildRecordBatch(sampleRecords(20));
  change(batch);
  batchHeader.updateCrc(batch, 0);
  return checkProducedHeader(batch, 0, batch.length, rules)?.error;
}

const { fieldPositions } = batchHeader;

test("a good batch is not refused", () => {
  assert.equal(
    refusalAfter(() => {}),
    undefined,
  );
});

test("a wrong checksum is CORRUPT_MESSAGE", () => {
  const batch = buildRecordBatch(sampleRecords(20));
  batch[100] = (batch[100] ?? 0) ^ 1;
  assert.equal(checkProducedHeader(batch, 0, batch.length, headerRules)?.error, "CORRUPT_MESSAGE");
});

test("what a leader stamps is not covered by the checksum", () => {
  const batch = buildRecordBatch(sampleRecords(20));
  batchHeader.setBaseOffset(batch, 0, 2 ** 40 + 3);
  batchHeader.setPartitionLeaderEpoch(batch, 0, 77);
  assert.ok(batchHeader.isCrcValid(batch, 0));
  assert.equal(batchHeader.lastOffset(batch, 0), 2 ** 40 + 22);
  batchHeader.setLogAppendTime(batch, 0, SAMPLE_TIMESTAMP + 5);
  assert.ok(batchHeader.isCrcValid(batch, 0) && batchHeader.isLogAppendTime(batch, 0));
  batchHeader.setCreateTime(batch, 0);
  assert.ok(batchHeader.isCrcValid(batch, 0) && !batchHeader.isLogAppendTime(batch, 0));
  batchHeader.setMaxTimestamp(batch, 0, SAMPLE_TIMESTAMP + 6);
  assert.ok(batchHeader.isCrcValid(batch, 0));
});

test("records that hold no batch, or more than one, are INVALID_RECORD", () => {
  const batch = buildRecordBatch(sampleRecords(2));
  const two = Buffer.concat([batch, batch]);
  const refusal = (bytes: Buffer) =>
    checkProducedHeader(bytes, 0, bytes.length, headerRules)?.error;
  assert.equal(refusal(Buffer.alloc(0)), "INVALID_RECORD");
  assert.equal(refusal(batch.subarray(0, 30)), "INVALID_RECORD");
  assert.equal(refusal(two), "INVALID_RECORD");
});

test("a length or magic that cannot be is CORRUPT_MESSAGE", () => {
  assert.equal(
    refusalAfter((batch) => batch.writeInt8(3, fieldPositions.magic)),
    "CORRUPT_MESSAGE",
  );
  const batch = buildRecordBatch([]);
  batch.writeInt32BE(5, fieldPositions.batchLength);
  assert.equal(checkProducedHeader(batch, 0, batch.length, headerRules)?.error, "CORRUPT_MESSAGE");
});

test("a batch above max.message.bytes is MESSAGE_TOO_LARGE", () => {
  const small = { ...headerRules, batchSizeBytesMax: 500 };
  assert.equal(
    refusalAfter(() => {}, small),
    "MESSAGE_TOO_LARGE",
  );
});

test("counts that disagree are INVALID_RECORD", () => {
  const changes: ((batch: Buffer) => void)[] = [
    (batch) => batch.writeInt32BE(0, fieldPositions.recordsCount),
    (batch) => batch.writeInt32BE(-5, fieldPositions.recordsCount),
    (batch) => batch.writeInt32BE(18, fieldPositions.lastOffsetDelta),
    (batch) => batch.writeInt32BE(-1, fieldPositions.lastOffsetDelta),
    (batch) => batchHeader.setBaseOffset(batch, 0, 1),
    (batch) => {
      batch.writeInt32BE(2 ** 31 - 1, fieldPositions.recordsCount);
      batch.writeInt32BE(2 ** 31 - 2, fieldPositions.lastOffsetDelta);
    },
  ];
  for (const change of changes) assert.equal(refusalAfter(change), "INVALID_RECORD");
});

test("flags that only a broker may set are INVALID_RECORD", () => {
  for (const flag of [0x20, 0x40, 0x10]) {
    assert.equal(
      refusalAfter((batch) => batch.writeUInt8(flag, 22)),
      "INVALID_RECORD",
    );
  }
  const marker = buildEndTransactionBatch(
    { type: "COMMIT", coordinatorEpoch: 1 },
    { timestamp: SAMPLE_TIMESTAMP, producerId: 1n, producerEpoch: 0, baseSequence: 0 },
  );
  assert.equal(checkProducedHeader(marker, 0, marker.length, headerRules)?.error, "INVALID_RECORD");
});

test("a producer id needs epoch and sequence number", () => {
  const set = (id: bigint, epoch: number, sequence: number) => (batch: Buffer) => {
    batch.writeBigInt64BE(id, fieldPositions.producerId);
    batch.writeInt16BE(epoch, fieldPositions.producerEpoch);
    batch.writeInt32BE(sequence, fieldPositions.baseSequence);
  };
  assert.equal(refusalAfter(set(5n, 0, 0)), undefined);
  assert.equal(refusalAfter(set(5n, 0, -1)), "INVALID_RECORD");
  assert.equal(refusalAfter(set(5n, -1, 0)), "INVALID_RECORD");
  assert.equal(refusalAfter(set(2n ** 60n, 0, 0)), "INVALID_RECORD");
});

test("codecs that are not known or not allowed are refused as by Kafka", () => {
  assert.equal(
    refusalAfter((batch) => batch.writeUInt8(6, 22)),
    "UNKNOWN_SERVER_ERROR",
  );
  assert.equal(
    refusalAfter((batch) => batch.writeUInt8(4, 22), { ...headerRules, allowsZstd: false }),
    "UNSUPPORTED_COMPRESSION_TYPE",
  );
});

test("a time beyond what can be held exactly is INVALID_TIMESTAMP", () => {
  assert.equal(
    refusalAfter((batch) => batch.writeBigInt64BE(2n ** 60n, fieldPositions.maxTimestamp)),
    "INVALID_TIMESTAMP",
  );
});

function checkRecords(batch: Buffer, rules: Partial<ProducedRecordRules>) {
  const all = { ...recordRules, ...rules };
  return checkProducedRecords(new RecordCursor(), { buffer: batch, position: 0 }, all);
}

test("the walk gives the largest timestamp, whatever the header says", () => {
  const batch = buildRecordBatch(sampleRecords(20), { compression: "lz4" });
  batchHeader.setMaxTimestamp(batch, 0, 1);
  assert.deepEqual(checkRecords(batch, {}), { maxTimestamp: SAMPLE_TIMESTAMP + 57 });
});

test("records without key are named one by one on a compacted topic", () => {
  const found = checkRecords(buildRecordBatch(sampleRecords(12)), { needsKeys: true });
  assert.ok("error" in found);
  assert.equal(found.error, "INVALID_RECORD");
  assert.deepEqual(
    found.recordErrors.map((each) => each.batchIndex),
    [4, 9],
  );
});

test("records that are too old or too new are named one by one", () => {
  const nowMs = SAMPLE_TIMESTAMP + 30;
  const createTime = { nowMs, beforeMsMax: 24, afterMsMax: 24 };
  const found = checkRecords(buildRecordBatch(sampleRecords(20)), { createTime });
  assert.ok("error" in found);
  assert.equal(found.error, "INVALID_TIMESTAMP");
  assert.deepEqual(
    found.recordErrors.map((each) => each.batchIndex),
    [0, 1, 19],
  );
  const untimed = buildRecordBatch([{ timestamp: -1, key: null, value: null }]);
  assert.deepEqual(checkRecords(untimed, { createTime }), { maxTimestamp: -1 });
});

test("a gap between offsets, damage and bombs are refused", () => {
  const [first, second] = sampleRecords(2);
  assert.ok(first !== undefined && second !== undefined);
  const gap = checkRecords(buildRecordBatch([first, { ...second, offset: 5 }]), {});
  assert.ok("error" in gap && gap.error === "INVALID_RECORD");
  const damaged = buildRecordBatch(sampleRecords(3));
  damaged[61] = 0xff;
  const found = checkRecords(damaged, {});
  assert.ok("error" in found && found.error === "INVALID_RECORD");
  const bomb = buildRecordBatch([{ timestamp: 0, key: null, value: Buffer.alloc(1 << 22) }], {
    compression: "zstd",
  });
  assert.throws(
    () => checkRecords(bomb, { decompressedSizeBytesMax: 1 << 20 }),
    (error) => error instanceof DecompressionError && error.reason === "too large",
  );
});
