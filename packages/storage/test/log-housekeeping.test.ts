import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { LogDirectories } from "../src/index.ts";
import { batchOf, configWith, settle, simEnvironment } from "./support.ts";

function startedLogs(config = configWith(), flushSchedulerMs = Number.MAX_SAFE_INTEGER) {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  const logs = LogDirectories.open(simEnvironment(platform), {
    paths: ["/a"],
    intervals: { flushSchedulerMs },
  });
  const topicId = "AAAAAAAAAAAAAAAAAAAAAQ";
  const log = logs.create({ topic: "orders", partition: 0, topicId, config });
  logs.start();
  return { platform, logs, log };
}

test("retention runs every log.retention.check.interval.ms", async () => {
  const { platform, log } = startedLogs(configWith({ retentionMs: 60_000 }));
  const timestamp = platform.clock.nowMs();
  log.append(batchOf(["a"], { timestamp }), { origin: "client", leaderEpoch: 0 });
  log.advanceHighWatermark(1);
  await platform.clock.advance(31_000);
  assert.equal(log.logStartOffset, 0);
  await platform.clock.advance(300_000);
  assert.equal(log.logStartOffset, 1);
});

test("checkpoints are written on their schedules", async () => {
  const { platform, log } = startedLogs();
  log.append(batchOf(["a"]), { origin: "client", leaderEpoch: 0 });
  log.advanceHighWatermark(1);
  await platform.clock.advance(5100);
  const { fileSystem } = platform;
  assert.ok(fileSystem.exists("/a/replication-offset-checkpoint"));
  assert.ok(!fileSystem.exists("/a/recovery-point-offset-checkpoint"));
  await platform.clock.advance(30_000);
  assert.ok(fileSystem.exists("/a/recovery-point-offset-checkpoint"));
});

test("flush.ms flushes what is old enough, where a flush schedule is set", async () => {
  const { platform, log } = startedLogs(configWith({ flushMs: 10_000 }), 1000);
  log.append(batchOf(["a"]), { origin: "client", leaderEpoch: 0 });
  await platform.clock.advance(1100);
  assert.equal(log.durableOffset, 1);
  log.append(batchOf(["b"]), { origin: "client", leaderEpoch: 0 });
  await platform.clock.advance(5000);
  assert.equal(log.durableOffset, 1);
  await platform.clock.advance(6000);
  assert.equal(log.durableOffset, 2);
});

test("idle producers are forgotten on schedule", async () => {
  const { platform, log } = startedLogs(configWith({ producerIdExpirationMs: 100_000 }));
  const producer = { producerId: 1n, producerEpoch: 0, baseSequence: 0 };
  const timestamp = platform.clock.nowMs();
  log.append(batchOf(["a"], { ...producer, timestamp }), { origin: "client", leaderEpoch: 0 });
  await platform.clock.advance(31_000);
  assert.equal(log.activeProducers().length, 1);
  await platform.clock.advance(600_000);
  assert.equal(log.activeProducers().length, 0);
});

test("nothing runs after the end", async () => {
  const { platform, logs } = startedLogs();
  await settle(platform, logs.close({ brokerEpoch: 1 }));
  const changes = platform.fileSystem.disk.changeCount();
  await platform.clock.advance(1_000_000);
  assert.equal(platform.fileSystem.disk.changeCount(), changes);
});
