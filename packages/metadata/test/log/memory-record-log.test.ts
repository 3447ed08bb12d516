import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryRecordLog } from "../../src/log/memory-record-log.ts";
import { buildDataBatch, encodeRecords, readRaftBatches } from "../../src/log/raft-batch.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";

const noOp: MetadataRecord = { type: "NoOpRecord", version: 0, data: {} };

function batchOf(recordCount: number): Buffer {
  const records = Array<MetadataRecord>(recordCount).fill(noOp);
  return buildDataBatch(encodeRecords(records), { baseOffset: 0, leaderEpoch: 0, timestampMs: 0 });
}

test("offsets and epochs are stamped, and reads give whole batches", async () => {
  const log = new MemoryRecordLog();
  assert.equal(log.append(batchOf(3), 5), 0);
  assert.equal(log.append(Buffer.concat([batchOf(1), batchOf(2)]), 6), 3);
  assert.deepEqual([log.logEndOffset, log.latestLeaderEpoch], [6, 6]);
  const batches = [...readRaftBatches(await log.read(1, 1))];
  assert.deepEqual(
    batches.map(({ baseOffset, lastOffset, leaderEpoch }) => [baseOffset, lastOffset, leaderEpoch]),
    [[0, 2, 5]],
  );
  assert.equal([...readRaftBatches(await log.read(3, 10_000))].length, 2);
});

test("a crash takes what was not flushed", async () => {
  const log = new MemoryRecordLog();
  log.append(batchOf(3), 1);
  await log.flush();
  log.append(batchOf(2), 1);
  log.crash();
  assert.equal(log.logEndOffset, 3);
});

test("the beginning is forgotten, or everything", async () => {
  const log = new MemoryRecordLog();
  log.append(batchOf(3), 1);
  log.append(batchOf(3), 1);
  log.truncatePrefix(3);
  assert.deepEqual([log.logStartOffset, log.logEndOffset], [3, 6]);
  assert.equal([...readRaftBatches(await log.read(0, 10_000))].length, 1);
  log.truncateFullyAndStartAt(40);
  assert.deepEqual([log.logStartOffset, log.logEndOffset, log.sizeBytes], [40, 40, 0]);
});

test("a flush that fails says so", async () => {
  const log = new MemoryRecordLog();
  log.failFlush(new Error("disk"));
  await assert.rejects(log.flush(), /disk/);
});
