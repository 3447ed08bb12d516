import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimPlatform } from "@millrace/platform/sim";
import { simPlatform } from "@millrace/platform/sim";
import fc from "fast-check";

import { defaultBootstrapRecords } from "../../src/controller/activation.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { featureLevel, imageRecords } from "../../src/image/image-records.ts";
import { MemoryRecordLog } from "../../src/log/memory-record-log.ts";
import { buildDataBatch, encodeRecords } from "../../src/log/raft-batch.ts";
import { noVoters } from "../../src/log/raft-voters.ts";
import { bootstrapImage, recoverMetadata } from "../../src/log/recovered-metadata.ts";
import { writeSnapshotFileNow } from "../../src/log/snapshot-file.ts";
import { snapshotFileName } from "../../src/log/snapshot-name.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { imageAfter } from "../support/decisions.ts";
import { randomBatches } from "../support/random-records.ts";

const EPOCH = 4;
const begin: MetadataRecord = { type: "BeginTransactionRecord", version: 0, data: { name: "x" } };
const end: MetadataRecord = { type: "EndTransactionRecord", version: 0, data: {} };

function append(recordLog: MemoryRecordLog, records: readonly MetadataRecord[]): void {
  const place = { baseOffset: 0, leaderEpoch: EPOCH, timestampMs: 9 };
  recordLog.append(buildDataBatch(encodeRecords(records), place), EPOCH);
}

function logOf(...batches: readonly (readonly MetadataRecord[])[]): MemoryRecordLog {
  const recordLog = new MemoryRecordLog();
  for (const records of batches) append(recordLog, records);
  return recordLog;
}

function machine(): SimPlatform {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/m");
  return platform;
}

function writeSnapshot(
  { fileSystem, clock }: SimPlatform,
  image: typeof emptyImage,
  endOffset: number,
): void {
  const path = `/m/${snapshotFileName({ endOffset, leaderEpoch: EPOCH })}`;
  const head = { lastContainedTimestampMs: 9, leaderEpoch: EPOCH, voters: noVoters };
  writeSnapshotFileNow({ fileSystem, clock, path }, { ...head, records: imageRecords(image) });
}

test("a replay from empty, and from any snapshot on, gives the live image", async () => {
  const property = fc.asyncProperty(randomBatches(), fc.nat(), async (random, pick) => {
    const batches = [defaultBootstrapRecords(), ...random];
    const recordLog = logOf(...batches);
    const live = batches.reduce((image, records) => imageAfter(image, records), emptyImage);
    const platform = machine();
    const fromEmpty = await recoverMetadata("/m", recordLog, platform);
    const provenance = fromEmpty.image.provenance;
    assert.equal(provenance.lastContainedOffset, recordLog.logEndOffset - 1);
    assert.deepEqual(fromEmpty.image, { ...live, provenance });

    const count = 1 + (pick % batches.length);
    const earlier = batches.slice(0, count);
    const part = earlier.reduce((image, records) => imageAfter(image, records), emptyImage);
    const endOffset = earlier.flat().length;
    writeSnapshot(platform, part, endOffset);
    recordLog.truncatePrefix(endOffset);
    const fromSnapshot = await recoverMetadata("/m", recordLog, platform);
    const { lastContainedOffset } = fromSnapshot.image.provenance;
    assert.equal(lastContainedOffset, recordLog.logEndOffset - 1);
    assert.deepEqual({ ...fromSnapshot.image, provenance }, fromEmpty.image);
  });
  await fc.assert(property, { numRuns: 60 });
});

test("a transaction at the tail that was not ended leaves nothing in the image", async () => {
  const topic: MetadataRecord = {
    type: "TopicRecord",
    version: 0,
    data: { name: "half", topicId: "QEBAQEBAQEBAQEBAAAAAAQ" as never },
  };
  const open = logOf(defaultBootstrapRecords(), [begin, topic]);
  const recovered = await recoverMetadata("/m", open, machine());
  assert.equal(recovered.isInTransaction, true);
  assert.equal(recovered.image.topics.byId.size, 0);
  append(open, [end]);
  const ended = await recoverMetadata("/m", open, machine());
  assert.deepEqual([ended.isInTransaction, ended.image.topics.byId.size], [false, 1]);
});

test("a higher metadata.version and unknown features are refused by name", async () => {
  for (const [name, level] of [
    ["metadata.version", 31],
    ["group.version", 2],
    ["brand.new.version", 1],
  ] as const) {
    const recordLog = logOf([featureLevel(name, level)]);
    await assert.rejects(recoverMetadata("/m", recordLog, machine()), {
      code: "UNSUPPORTED_METADATA",
      message: new RegExp(`${name.replaceAll(".", "\\.")} ${level}`),
    });
  }
  const off = logOf(defaultBootstrapRecords(), [featureLevel("brand.new.version", 0)]);
  await recoverMetadata("/m", off, machine());
});

test("a snapshot beyond the log's end is all there is, and the log begins after it", async () => {
  const platform = machine();
  const image = imageAfter(emptyImage, defaultBootstrapRecords());
  writeSnapshot(platform, image, 100);
  const recordLog = logOf([featureLevel("metadata.version", 30)]);
  const recovered = await recoverMetadata("/m", recordLog, platform);
  assert.deepEqual([recordLog.logStartOffset, recordLog.logEndOffset], [100, 100]);
  assert.equal(recovered.image.provenance.lastContainedOffset, 99);
  assert.equal(recovered.lastEpoch, EPOCH);
});

test("a log whose beginning no snapshot reaches is refused", async () => {
  const recordLog = logOf(defaultBootstrapRecords(), [featureLevel("group.version", 1)]);
  recordLog.truncatePrefix(6);
  await assert.rejects(recoverMetadata("/m", recordLog, machine()), {
    code: "METADATA_FILE_ERROR",
    message: /no snapshot reaches it/,
  });
});

test("remnants of snapshots are removed", async () => {
  const platform = machine();
  const name = snapshotFileName({ endOffset: 5, leaderEpoch: 1 });
  platform.fileSystem.open(`/m/${name}.part`, "createNew");
  await recoverMetadata("/m", logOf(defaultBootstrapRecords()), platform);
  assert.deepEqual(platform.fileSystem.readDirectory("/m"), []);
});

test("bootstrap records make an image, unless they are of a newer version", () => {
  assert.equal(bootstrapImage(defaultBootstrapRecords()).features.metadataVersion, 30);
  assert.throws(() => bootstrapImage([featureLevel("metadata.version", 31)]), {
    code: "UNSUPPORTED_METADATA",
  });
});
