import assert from "node:assert/strict";
import { test } from "node:test";

import { batchHeader, buildRecordBatch } from "@millrace/protocol";

import { SAMPLE_TIMESTAMP, sampleRecords } from "./sample-records.ts";

test("every field is read from where it was written, wherever the batch lies", () => {
  const batch = buildRecordBatch(sampleRecords(4, 2 ** 40), {
    baseOffset: 2 ** 40,
    partitionLeaderEpoch: 8,
    compression: "zstd",
    producerId: 2n ** 52n,
    producerEpoch: 6,
    baseSequence: 70,
    isTransactional: true,
  });
  const buffer = Buffer.concat([Buffer.alloc(13, 0xaa), batch]);
  const read = Object.fromEntries(
    Object.entries({
      baseOffset: batchHeader.baseOffset,
      lastOffset: batchHeader.lastOffset,
      nextOffset: batchHeader.nextOffset,
      sizeBytes: batchHeader.sizeBytes,
      partitionLeaderEpoch: batchHeader.partitionLeaderEpoch,
      magic: batchHeader.magic,
      compressionId: batchHeader.compressionId,
      baseTimestamp: batchHeader.baseTimestamp,
      maxTimestamp: batchHeader.maxTimestamp,
      producerId: batchHeader.producerId,
      producerIdNumber: batchHeader.producerIdNumber,
      hasProducerId: batchHeader.hasProducerId,
      producerEpoch: batchHeader.producerEpoch,
      baseSequence: batchHeader.baseSequence,
      lastSequence: batchHeader.lastSequence,
      recordsCount: batchHeader.recordsCount,
      isTransactional: batchHeader.isTransactional,
      isControl: batchHeader.isControl,
      isLogAppendTime: batchHeader.isLogAppendTime,
      deleteHorizonMs: batchHeader.deleteHorizonMs,
    }).map(([name, get]) => [name, get(buffer, 13)]),
  );
  assert.deepEqual(read, {
    baseOffset: 2 ** 40,
    lastOffset: 2 ** 40 + 3,
    nextOffset: 2 ** 40 + 4,
    sizeBytes: batch.length,
    partitionLeaderEpoch: 8,
    magic: 2,
    compressionId: 4,
    baseTimestamp: SAMPLE_TIMESTAMP,
    maxTimestamp: SAMPLE_TIMESTAMP + 9,
    producerId: 2n ** 52n,
    producerIdNumber: 2 ** 52,
    hasProducerId: true,
    producerEpoch: 6,
    baseSequence: 70,
    lastSequence: 73,
    recordsCount: 4,
    isTransactional: true,
    isControl: false,
    isLogAppendTime: false,
    deleteHorizonMs: undefined,
  });
});

test("sequence numbers go on from 0 after 2^31-1", () => {
  assert.equal(batchHeader.addToSequence(2 ** 31 - 1, 1), 0);
  assert.equal(batchHeader.addToSequence(2 ** 31 - 1, 5), 4);
  assert.equal(batchHeader.addToSequence(10, 5), 15);
});
