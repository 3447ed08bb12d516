import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform, type SimPlatform } from "@millrace/platform/sim";
import { createLog, type LogConfig, type PartitionLog } from "../src/index.ts";
import { batchOf, configWith, settle, simEnvironment, TestDirectoryState } from "./support.ts";

const batchBytes = batchOf(["x".repeat(100)]).length;

/** A log of ten segments of one batch each, a second apart, the newest of now. */
function agedLog(config: Partial<LogConfig>): { platform: SimPlatform; log: PartitionLog } {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory("/d");
  const log = createLog(simEnvironment(platform), {
    path: "/d/orders-0",
    config: configWith({ segmentBytes: batchBytes, ...config }),
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  for (let at = 0; at < 10; at += 1) {
    const timestamp = platform.clock.nowMs() - (9 - at) * 1000;
    const batch = batchOf(["x".repeat(100)], { timestamp });
    assert.equal(log.append(batch, { origin: "client", leaderEpoch: 0 }).kind, "appended");
  }
  log.advanceHighWatermark(10);
  assert.equal(log.segmentCount, 10);
  return { platform, log };
}

async function retain(aged: { platform: SimPlatform; log: PartitionLog }): Promise<number> {
  return settle(aged.platform, aged.log.applyRetention());
}

test("segments whose newest record is older than retention.ms go", async () => {
  const aged = agedLog({ retentionMs: 4500 });
  assert.equal(await retain(aged), 5);
  assert.equal(aged.log.logStartOffset, 5);
  assert.equal(await retain(aged), 0);
});

test("when even the active segment is too old, it is rolled and goes", async () => {
  const aged = agedLog({ retentionMs: 4500 });
  await aged.platform.clock.advance(60_000);
  assert.equal(await retain(aged), 10);
  assert.equal(aged.log.logStartOffset, 10);
  assert.equal(aged.log.segmentCount, 1);
  assert.equal(aged.log.sizeBytes, 0);
});

test("retention.bytes keeps the newest segments that it has room for", async () => {
  const aged = agedLog({ retentionMs: -1, retentionBytes: 4 * batchBytes });
  assert.equal(await retain(aged), 6);
  assert.equal(aged.log.sizeBytes, 4 * batchBytes);
});

test("nothing at or beyond the high watermark goes", async () => {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/d");
  const log = createLog(simEnvironment(platform), {
    path: "/d/orders-0",
    config: configWith({ segmentBytes: batchBytes, retentionBytes: 0 }),
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  for (let at = 0; at < 5; at += 1) {
    log.append(batchOf(["x".repeat(100)]), { origin: "client", leaderEpoch: 0 });
  }
  log.advanceHighWatermark(2);
  assert.equal(await retain({ platform, log }), 2);
});

test("DeleteRecords frees whole segments, whatever the policy", async () => {
  const aged = agedLog({ retentionMs: 0 });
  aged.log.updateConfig({ ...aged.log.config, cleanupPolicy: ["compact"] });
  aged.log.truncatePrefix(3);
  assert.equal(await retain(aged), 3);
  assert.equal(aged.log.logStartOffset, 3);
});

test("an empty policy keeps everything for ever", async () => {
  const aged = agedLog({ cleanupPolicy: [], retentionMs: 0, retentionBytes: 0 });
  assert.equal(await retain(aged), 0);
});

test("deleted files are renamed at once and removed after file.delete.delay.ms", async () => {
  const aged = agedLog({ retentionMs: 8500, fileDeleteDelayMs: 60_000 });
  assert.equal(await retain(aged), 1);
  const names = (): string[] =>
    aged.platform.fileSystem
      .readDirectory("/d/orders-0")
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".deleted"));
  assert.deepEqual(names(), [
    "00000000000000000000.index.deleted",
    "00000000000000000000.log.deleted",
    "00000000000000000000.timeindex.deleted",
  ]);
  await aged.platform.clock.advance(60_100);
  assert.deepEqual(names(), []);
});
