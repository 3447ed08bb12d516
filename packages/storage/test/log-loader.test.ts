import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { simPlatform, type SimPlatform } from "@millrace/platform/sim";
import {
  CorruptLogError,
  createLog,
  createLogEnvironment,
  type LogConfig,
  type OpenedLog,
  openLog,
  type OpenLogOptions,
  type PartitionLog,
} from "../src/index.ts";
import { batchOf, configWith, settle, simEnvironment, TestDirectoryState } from "./support.ts";

const directory = "/d/orders-0";
const segmentName = (baseOffset: number, suffix: string): string =>
  `${directory}/${String(baseOffset).padStart(20, "0")}${suffix}`;

/** Ten batches of two records, two batches a segment, closed well or not. */
async function writtenLog(options: { readonly closes: boolean }): Promise<SimPlatform> {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory(directory);
  const log = createLog(simEnvironment(platform), {
    path: directory,
    config: configWith(config),
    directoryState: new TestDirectoryState(),
    topicId: "AAAAAAAAAAAAAAAAAAAAAQ",
  });
  for (let at = 0; at < 10; at += 1) {
    const producer = { producerId: 7n, producerEpoch: 0, baseSequence: at * 2 };
    const batch = batchOf([`${at}-a`, `${at}-b`], { ...producer, timestamp: 1000 + at });
    log.append(batch, { origin: "client", leaderEpoch: Math.floor(at / 4) });
  }
  assert.equal(log.segmentCount, 5);
  if (options.closes) await settle(platform, log.close());
  else await settle(platform, log.flush());
  return platform;
}

const config: Partial<LogConfig> = {
  segmentBytes: 170,
  indexIntervalBytes: 0,
  producerIdExpirationMs: Number.MAX_SAFE_INTEGER,
};

async function open(
  platform: SimPlatform,
  options: Partial<OpenLogOptions> = {},
): Promise<OpenedLog> {
  return settle(
    platform,
    openLog(simEnvironment(platform), {
      path: directory,
      config: configWith(config),
      directoryState: new TestDirectoryState(),
      wasCleanShutdown: false,
      recoveryPoint: 0,
      logStartOffset: 0,
      highWatermark: 0,
      ...options,
    }),
  );
}

async function readAll(platform: SimPlatform, log: PartitionLog): Promise<number> {
  let offset = log.logStartOffset;
  while (offset < log.logEndOffset) {
    const read = await settle(
      platform,
      log.read({ offset, maxBytes: 1000, minOneBatch: true, isolation: "end" }),
    );
    assert.ok(read.kind === "read" && read.sizeBytes > 0);
    offset = read.endOffset;
    read.release();
  }
  return offset;
}

test("after a clean stop only the active segment is opened", async () => {
  const platform = await writtenLog({ closes: true });
  const opened: string[] = [];
  const { fileSystem } = platform;
  const spy = Object.create(fileSystem, {
    open: {
      value: (path: string, mode: Parameters<typeof fileSystem.open>[1]) => {
        opened.push(path);
        return fileSystem.open(path, mode);
      },
    },
  }) as typeof fileSystem;
  const { clock, random, logger } = platform;
  const environment = createLogEnvironment({ clock, random, logger, fileSystem: spy });
  const found = await settle(
    platform,
    openLog(environment, {
      path: directory,
      config: configWith(config),
      directoryState: new TestDirectoryState(),
      wasCleanShutdown: true,
      recoveryPoint: 20,
      logStartOffset: 0,
      highWatermark: 20,
    }),
  );
  assert.equal(found.recoveredSegmentCount, 0);
  assert.equal(found.log.logEndOffset, 20);
  assert.equal(found.log.highWatermark, 20);
  assert.ok(
    opened.every((path) => path.startsWith(segmentName(16, ""))),
    opened.join(),
  );
});

test("what a clean stop wrote comes back: offsets, epochs, producers, topic id", async () => {
  const platform = await writtenLog({ closes: true });
  const { log } = await open(platform, { wasCleanShutdown: true });
  assert.equal(log.topicId, "AAAAAAAAAAAAAAAAAAAAAQ");
  assert.equal(log.latestLeaderEpoch, 2);
  assert.equal(log.leaderEpochForOffset(8), 1);
  assert.equal(log.activeProducers()[0]?.lastSequence, 19);
  assert.equal(await readAll(platform, log), 20);
});

test("after a crash only segments from the recovery point on are checked", async () => {
  const platform = await writtenLog({ closes: false });
  const found = await open(platform, { recoveryPoint: 13 });
  assert.equal(found.recoveredSegmentCount, 2);
  assert.equal(found.log.activeProducers()[0]?.lastSequence, 19);
  assert.equal(await readAll(platform, found.log), 20);
});

test("a torn last batch is cut off at recovery", async () => {
  const platform = await writtenLog({ closes: false });
  const file = platform.fileSystem.open(segmentName(16, ".log"), "readWrite");
  const whole = file.sizeBytes();
  file.truncate(whole - 10);
  const found = await open(platform, { recoveryPoint: 16 });
  assert.equal(found.log.logEndOffset, 18);
  assert.equal(found.cutBytes, whole / 2 - 10);
  assert.equal(found.log.activeProducers()[0]?.lastSequence, 17);
  const producer = { producerId: 7n, producerEpoch: 0, baseSequence: 18 };
  const next = found.log.append(batchOf(["again"], producer), { origin: "client", leaderEpoch: 3 });
  assert.equal(next.kind === "appended" && next.baseOffset, 18);
});

test("what follows a damaged batch is removed, later segments too", async () => {
  const platform = await writtenLog({ closes: false });
  assert.ok(platform.fileSystem.flipBit(segmentName(8, ".log"), 100, 3));
  const found = await open(platform, { recoveryPoint: 8 });
  assert.equal(found.log.logEndOffset, 10);
  assert.equal(found.log.segmentCount, 3);
  assert.equal(found.log.latestLeaderEpoch, 1);
  assert.equal(platform.fileSystem.exists(segmentName(12, ".log")), false);
});

test("damage before the recovery point is reported and nothing is cut", async () => {
  const platform = await writtenLog({ closes: false });
  assert.ok(platform.fileSystem.flipBit(segmentName(16, ".log"), 70, 3));
  const size = platform.fileSystem.stat(segmentName(16, ".log"))?.sizeBytes;
  await assert.rejects(open(platform, { recoveryPoint: 20 }), CorruptLogError);
  assert.equal(platform.fileSystem.stat(segmentName(16, ".log"))?.sizeBytes, size);
});

test("an end that is no batch is reported after a clean stop too: offsets are not given twice", async () => {
  const platform = await writtenLog({ closes: true });
  const name = segmentName(16, ".log");
  const whole = platform.fileSystem.stat(name)?.sizeBytes ?? 0;
  // The magic of the segment's second batch.
  assert.ok(platform.fileSystem.flipBit(name, whole / 2 + 16, 4));
  // Small segments have no index entry that would lead there.
  platform.fileSystem.open(segmentName(16, ".index"), "readWrite").truncate(0);
  const clean = { wasCleanShutdown: true, recoveryPoint: 20 };
  await assert.rejects(open(platform, clean), CorruptLogError);
  assert.equal(platform.fileSystem.stat(name)?.sizeBytes, whole);
});

test("zeros that a power loss left behind the last batch are cut off", async () => {
  const platform = await writtenLog({ closes: false });
  const file = platform.fileSystem.open(segmentName(16, ".log"), "readWrite");
  file.truncate(file.sizeBytes() + 4096);
  const found = await open(platform, { recoveryPoint: 16 });
  assert.equal(found.log.logEndOffset, 20);
  assert.equal(found.cutBytes, 4096);
});

test("missing and damaged indexes are rebuilt", async () => {
  const platform = await writtenLog({ closes: true });
  const good = platform.fileSystem.readFile(segmentName(16, ".index"));
  platform.fileSystem.removeFile(segmentName(16, ".index"));
  const found = await open(platform, { wasCleanShutdown: true });
  assert.equal(found.recoveredSegmentCount, 1);
  assert.ok(platform.fileSystem.readFile(segmentName(16, ".index")).equals(good));
  await settle(platform, found.log.close());
  platform.fileSystem.open(segmentName(16, ".index"), "readWrite").truncate(13);
  const again = await open(platform, { wasCleanShutdown: true });
  assert.equal(again.recoveredSegmentCount, 1);
  assert.equal(await readAll(platform, again.log), 20);
});

test("an index as large as Kafka makes it, padded with zeros, is read", async () => {
  const platform = await writtenLog({ closes: true });
  const index = platform.fileSystem.open(segmentName(16, ".index"), "readWrite");
  const count = index.sizeBytes() / 8;
  index.truncate(10_485_760);
  platform.fileSystem.open(segmentName(16, ".timeindex"), "readWrite").truncate(10_485_756);
  const { log, recoveredSegmentCount } = await open(platform, { wasCleanShutdown: true });
  assert.equal(recoveredSegmentCount, 0);
  assert.equal(log.segments.active.offsetIndex.entries.count, count);
  const batch = batchOf(["x".repeat(200)], { timestamp: 5000 });
  assert.equal(log.append(batch, { origin: "client", leaderEpoch: 9 }).kind, "refused");
  await settle(platform, log.close());
});

test("segments that were taken away leave a log that begins at its checkpoint", async () => {
  const platform = await writtenLog({ closes: true });
  const { log } = await open(platform, { wasCleanShutdown: true, logStartOffset: 500 });
  assert.equal(log.logStartOffset, 500);
  assert.equal(log.logEndOffset, 500);
  assert.equal(log.segmentCount, 1);
});

test("a damaged epoch file is made anew from the batches", async () => {
  const platform = await writtenLog({ closes: true });
  const file = platform.fileSystem.open(`${directory}/leader-epoch-checkpoint`, "readWrite");
  file.truncate(3);
  const { log } = await open(platform, { wasCleanShutdown: true });
  assert.equal(log.leaderEpochForOffset(7), 0);
  assert.equal(log.leaderEpochForOffset(8), 1);
  assert.equal(log.leaderEpochForOffset(16), 2);
});

test("a directory that Apache Kafka 4.3.1 wrote is read: records, transactions, producers", async () => {
  for (const wasCleanShutdown of [true, false]) {
    const { platform, bytes } = kafkaDirectory();
    const { log } = await open(platform, { path: "/d/mixed-0", wasCleanShutdown });
    assert.equal(log.logEndOffset, 148);
    assert.equal(log.segmentCount, 2);
    assert.equal(log.topicId, "iGgV0SYNRienIWl5bhYD0w");
    assert.equal(log.activeProducers().length, 3);
    log.advanceHighWatermark(148);
    assert.equal(log.lastStableOffset, 148);
    const read = await settle(
      platform,
      log.read({ offset: 50, maxBytes: 100_000, minOneBatch: true, isolation: "lastStable" }),
    );
    assert.ok(read.kind === "read");
    assert.ok(Buffer.concat(read.chunks).equals(bytes("00000000000000000050.log")));
    assert.deepEqual(read.abortedTransactions, [
      { producerId: 2n, firstOffset: 51 },
      { producerId: 1n, firstOffset: 102 },
    ]);
    await settle(platform, log.close());
    for (const name of ["00000000000000000050.txnindex", "00000000000000000148.snapshot"]) {
      const written = platform.fileSystem.readFile(`/d/mixed-0/${name}`);
      assert.ok(written.equals(bytes(name)), `${name} as Kafka wrote it`);
    }
  }
});

function kafkaDirectory(): { platform: SimPlatform; bytes: (name: string) => Buffer } {
  const folder = join(import.meta.dirname, "fixtures/kafka-4.3.1/mixed-0");
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory("/d/mixed-0");
  const bytes = (name: string): Buffer => readFileSync(join(folder, name));
  for (const name of readdirSync(folder)) {
    const file = platform.fileSystem.open(`/d/mixed-0/${name}`, "createNew");
    file.writeSync([bytes(name)], 0);
  }
  return { platform, bytes };
}
