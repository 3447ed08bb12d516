import assert from "node:assert/strict";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { nodePlatform } from "@millrace/platform/node";
import { type SimPlatform, simPlatform } from "@millrace/platform/sim";
import {
  createLogEnvironment,
  LogCleaner,
  type LogCleanerConfig,
  type LogConfig,
  LogDirectories,
  type PartitionLog,
} from "../../src/index.ts";
import { batchOf, configWith, settle, temporaryFolder } from "../support.ts";

const topicId = "AAAAAAAAAAAAAAAAAAAAAQ";
const compacted: Partial<LogConfig> = { cleanupPolicy: ["compact"], segmentBytes: 2000 };

interface Node {
  readonly platform: SimPlatform;
  readonly logs: LogDirectories;
  readonly cleaner: LogCleaner;
}

function startNode(platform: SimPlatform, config: Partial<LogCleanerConfig> = {}): Node {
  const environment = createLogEnvironment(platform, { recentBatchesBytesMax: 0 });
  const logs = LogDirectories.open(environment, { paths: ["/data"] });
  const { metrics, offload } = platform;
  const { directories } = logs;
  const cleaner = new LogCleaner({ environment, directories, offload, metrics, config });
  return { platform, logs, cleaner };
}

function createLog(logs: LogDirectories, topic: string, config: Partial<LogConfig>): PartitionLog {
  return logs.create({ topic, partition: 0, topicId, config: configWith(config) });
}

/** Writes `count` values of one key, a batch each. */
function write(log: PartitionLog, key: string, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const outcome = log.append(batchOf([`${key} ${at}`], { key }), {
      origin: "client",
      leaderEpoch: 0,
    });
    assert.equal(outcome.kind, "appended");
  }
  log.advanceHighWatermark(log.logEndOffset);
}

test("the dirtiest log is compacted first, then the others, until none is dirty enough", async () => {
  const { platform, logs, cleaner } = startNode(simPlatform({ seed: 1, logLevel: "info" }));
  const small = createLog(logs, "small", compacted);
  const large = createLog(logs, "large", compacted);
  const kept = createLog(logs, "kept", { ...compacted, cleanupPolicy: ["delete"] });
  for (const log of [small, large, kept]) write(log, "a", 60);
  cleaner.start();
  await platform.clock.advance(14_000);
  assert.ok(large.segmentCount > 2, "the first look comes after the back-off");
  await platform.clock.advance(2000);
  for (const log of [small, large]) {
    assert.ok(log.sizeBytes < kept.sizeBytes / 2, `${log.sizeBytes} bytes are left`);
    assert.equal(log.logEndOffset, 60);
  }
  assert.ok(kept.segmentCount > 2);
  const checkpoint = platform.fileSystem.readFile("/data/cleaner-offset-checkpoint").toString();
  assert.match(checkpoint, /^0\n2\n(large|small) 0 \d+\n(large|small) 0 \d+\n$/u);
  assert.ok(platform.logLines.some((line) => line.message === "A log was compacted"));
  cleaner.close();
});

test("a log below its dirty ratio waits for more, or for max.compaction.lag.ms", async () => {
  const { platform, logs, cleaner } = startNode(simPlatform({ seed: 1 }));
  const config = { ...compacted, minCleanableDirtyRatio: 0.99 };
  const log = createLog(logs, "orders", config);
  for (let round = 0; round < 10; round += 1) {
    for (const key of "abcdefghijklmnopqrstuvwxyz") write(log, `${key}${round}`, 1);
  }
  const first = await settle(platform, cleaner.cleanFilthiest());
  assert.ok(first !== undefined, "all of a log that was never compacted is dirty");
  write(log, "a", 60);
  assert.equal(await settle(platform, cleaner.cleanFilthiest()), undefined);
  log.updateConfig(configWith({ ...config, maxCompactionLagMs: 1000 }));
  const report = await settle(platform, cleaner.cleanFilthiest());
  assert.ok(report !== undefined && report.recordsKept < report.recordsRead);
});

test("a damaged log is set aside, counted and left as it is", async () => {
  const { platform, logs, cleaner } = startNode(simPlatform({ seed: 1, logLevel: "error" }));
  const log = createLog(logs, "orders", compacted);
  write(log, "a", 60);
  const path = join(log.path, "00000000000000000000.log");
  const before = platform.fileSystem.stat(path)?.sizeBytes;
  platform.fileSystem.open(path, "readWrite").writeSync([Buffer.from("damage")], 70);
  assert.equal(await settle(platform, cleaner.cleanFilthiest()), undefined);
  assert.equal(await settle(platform, cleaner.cleanFilthiest()), undefined);
  const [uncleanable] = cleaner.uncleanableLogs();
  assert.equal(uncleanable?.log, log);
  assert.match(uncleanable?.reason ?? "", /damaged/u);
  assert.equal(platform.fileSystem.stat(path)?.sizeBytes, before);
  assert.equal(log.isOffline, false, "it is served on");
  const text = platform.metrics.exposition();
  assert.match(text, /uncleanable_partitions_count\{logDirectory="\/data"\} 1/u);
});

test("a log that is cut is dirty from there again", async () => {
  const { platform, logs, cleaner } = startNode(simPlatform({ seed: 1 }));
  const log = createLog(logs, "orders", compacted);
  write(log, "a", 60);
  await settle(platform, cleaner.cleanFilthiest());
  log.truncateSuffix(30);
  write(log, "b", 60);
  const report = await settle(platform, cleaner.cleanFilthiest());
  assert.ok(report !== undefined);
  const text = platform.fileSystem.readFile("/data/cleaner-offset-checkpoint").toString();
  assert.ok(Number(/orders 0 (\d+)/u.exec(text)?.[1]) > 30);
});

test("a deleted log ends its compaction without a complaint", async () => {
  const { platform, logs, cleaner } = startNode(simPlatform({ seed: 1, logLevel: "warn" }), {
    ioBytesPerSecond: 5000,
  });
  const log = createLog(logs, "orders", compacted);
  write(log, "a", 60);
  const cleaning = cleaner.cleanFilthiest();
  await platform.clock.advance(100);
  logs.delete({ topic: "orders", partition: 0 });
  const report = await settle(platform, cleaning);
  assert.equal(report?.endOffset, undefined);
  assert.deepEqual(platform.logLines, []);
});

test("a full disk is no reason to give up", async () => {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  const { logs, cleaner } = startNode(platform);
  const log = createLog(logs, "orders", compacted);
  write(log, "a", 60);
  platform.fileSystem.disk.setCapacity(1);
  assert.equal(await settle(platform, cleaner.cleanFilthiest()), undefined);
  assert.equal(log.isOffline, false);
  platform.fileSystem.disk.setCapacity(2 ** 30);
  const report = await settle(platform, cleaner.cleanFilthiest());
  assert.ok(report?.endOffset !== undefined);
});

test("a worker thread compacts real files", async (context: TestContext) => {
  const folder = temporaryFolder(context);
  const platform = nodePlatform({ logLevel: "error", hasProcessMetrics: false });
  const environment = createLogEnvironment(platform, { recentBatchesBytesMax: 0 });
  const logs = LogDirectories.open(environment, { paths: [folder] });
  const { metrics, offload } = platform;
  const { directories } = logs;
  const cleaner = new LogCleaner({ environment, directories, offload, metrics });
  const log = createLog(logs, "orders", { ...compacted, fileDeleteDelayMs: 0 });
  write(log, "a", 100);
  write(log, "b", 100);
  const report = await cleaner.cleanFilthiest();
  assert.ok(report?.endOffset !== undefined && report.recordsKept < 20);
  const read = await log.read({
    offset: 0,
    maxBytes: 1 << 20,
    minOneBatch: true,
    isolation: "highWatermark",
  });
  assert.ok(read.kind === "read" && read.sizeBytes > 0);
  read.release();
  cleaner.close();
  await logs.close({ brokerEpoch: 1 });
  await offload.close();
});
