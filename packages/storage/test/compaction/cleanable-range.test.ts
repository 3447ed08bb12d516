import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { measureCleanable } from "../../src/compaction/cleanable-range.ts";
import { createLog, type LogConfig, type PartitionLog } from "../../src/index.ts";
import { batchOf, configWith, simEnvironment, TestDirectoryState } from "../support.ts";

const startMs = 1_700_000_000_000;

/** A log with three closed segments of two batches each, the batches a second apart. */
function logOf(config: Partial<LogConfig> = {}): PartitionLog {
  const platform = simPlatform({ seed: 1 });
  const environment = simEnvironment(platform);
  const log = createLog(environment, {
    path: "/data/orders-0",
    config: configWith({ cleanupPolicy: ["compact"], ...config }),
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  for (let at = 0; at < 6; at += 1) {
    const timestamp = startMs + at * 1000;
    log.append(batchOf(["value"], { key: "k", timestamp }), { origin: "client", leaderEpoch: 0 });
    if (at % 2 === 1) log.roll();
  }
  log.append(batchOf(["active"], { key: "k", timestamp: startMs }), {
    origin: "client",
    leaderEpoch: 0,
  });
  log.advanceHighWatermark(log.logEndOffset);
  return log;
}

test("a log that was never compacted is all dirty, but for its active segment", () => {
  const range = measureCleanable(logOf(), undefined, startMs);
  assert.deepEqual([range.firstDirtyOffset, range.endOffset, range.ratio], [0, 6, 1]);
});

test("what lies before the checkpoint is clean", () => {
  const range = measureCleanable(logOf(), 4, startMs);
  assert.deepEqual([range.firstDirtyOffset, range.endOffset], [4, 6]);
  assert.equal(range.cleanBytes, range.cleanableBytes * 2);
  assert.ok(Math.abs(range.ratio - 1 / 3) < 1e-9);
  assert.equal(measureCleanable(logOf(), 6, startMs).ratio, 0);
});

test("a checkpoint outside the log is not believed", () => {
  const log = logOf();
  log.truncatePrefix(2);
  for (const checkpoint of [1, 8]) {
    const range = measureCleanable(log, checkpoint, startMs);
    assert.equal(range.firstDirtyOffset, 2);
    assert.ok(range.isCheckpointReset);
  }
});

test("nothing at or beyond the last stable offset is compacted", () => {
  const log = logOf();
  const transactional = {
    producerId: 5n,
    producerEpoch: 0,
    baseSequence: 0,
    isTransactional: true,
  };
  const options = { origin: "client", leaderEpoch: 0 } as const;
  log.append(batchOf(["open"], { key: "k", timestamp: startMs, ...transactional }), options);
  log.roll();
  log.append(batchOf(["active"], { key: "k", timestamp: startMs }), options);
  log.advanceHighWatermark(log.logEndOffset);
  // The transaction begins at 7, in the segment that begins at 6.
  assert.equal(log.lastStableOffset, 7);
  assert.equal(measureCleanable(log, undefined, startMs).endOffset, 6);
});

test("records younger than min.compaction.lag.ms wait", () => {
  const log = logOf({ minCompactionLagMs: 10_000 });
  assert.equal(measureCleanable(log, undefined, startMs + 13_500).endOffset, 4);
  assert.equal(measureCleanable(log, undefined, startMs + 100_000).endOffset, 6);
});

test("records older than max.compaction.lag.ms make the log due", () => {
  const log = logOf({ maxCompactionLagMs: 5000 });
  assert.equal(measureCleanable(log, undefined, startMs + 4000).overdueMs, 0);
  assert.equal(measureCleanable(log, undefined, startMs + 6500).overdueMs, 1500);
  assert.equal(measureCleanable(log, 2, startMs + 6500).overdueMs, 0);
  assert.equal(measureCleanable(log, 6, startMs + 99_000).overdueMs, 0);
});
