import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform, type SimPlatform } from "@millrace/platform/sim";
import { batchHeader as header, buildEndTransactionBatch, readRecords } from "@millrace/protocol";
import {
  type AppendOptions,
  type AppendOutcome,
  createLog,
  type LogConfig,
  type PartitionLog,
  type ReadIsolation,
  type StorageLimits,
} from "../src/index.ts";
import {
  type BatchOptions,
  batchOf,
  configWith,
  settle,
  simEnvironment,
  TestDirectoryState,
} from "./support.ts";

const nowMs = 1_767_225_600_000;

class Bench {
  readonly platform: SimPlatform;
  readonly directoryState = new TestDirectoryState();
  readonly log: PartitionLog;

  constructor(config: Partial<LogConfig> = {}, limits: Partial<StorageLimits> = {}) {
    this.platform = simPlatform({ seed: 1, logLevel: "error" });
    this.platform.fileSystem.makeDirectory("/d");
    this.log = createLog(simEnvironment(this.platform, limits), {
      path: "/d/orders-0",
      config: configWith({ messageTimestampAfterMaxMs: Number.MAX_SAFE_INTEGER, ...config }),
      directoryState: this.directoryState,
      topicId: "AAAAAAAAAAAAAAAAAAAAAQ",
    });
  }

  append(values: string[], options: BatchOptions & Partial<AppendOptions> = {}): AppendOutcome {
    const { leaderEpoch = 3, origin = "client", awaitsSync = false, ...header } = options;
    return this.log.append(batchOf(values, header), { origin, leaderEpoch, awaitsSync });
  }

  refusal(bytes: Buffer, options: Partial<AppendOptions> = {}): string {
    const outcome = this.log.append(bytes, { origin: "client", leaderEpoch: 0, ...options });
    return outcome.kind === "refused" ? outcome.error : outcome.kind;
  }

  mark(producerId: bigint, type: "COMMIT" | "ABORT"): void {
    const batch = buildEndTransactionBatch(
      { type, coordinatorEpoch: 0 },
      { timestamp: nowMs, producerId, producerEpoch: 0 },
    );
    const outcome = this.log.append(batch, { origin: "coordinator", leaderEpoch: 3 });
    assert.equal(outcome.kind, "appended");
  }

  async values(offset: number, isolation: ReadIsolation = "end"): Promise<string[]> {
    const { log } = this;
    const found: string[] = [];
    let at = offset;
    for (;;) {
      const options = { offset: at, maxBytes: 10_000, minOneBatch: true, isolation };
      const read = await settle(this.platform, log.read(options));
      assert.equal(read.kind, "read");
      if (read.kind !== "read" || read.sizeBytes === 0) return found;
      for (const chunk of read.chunks) {
        for (let from = 0; from < chunk.length; from += header.sizeBytes(chunk, from)) {
          for (const record of readRecords(chunk, from)) found.push(String(record.value));
        }
      }
      at = read.endOffset;
      read.release();
    }
  }
}

test("offsets and the epoch are stamped into the header, and nothing else is changed", () => {
  const bench = new Bench();
  bench.append(["a", "b"]);
  const batch = batchOf(["c", "d", "e"]);
  const sent = Buffer.from(batch);
  const outcome = bench.log.append(batch, { origin: "client", leaderEpoch: 9 });
  assert.deepEqual(outcome, {
    kind: "appended",
    baseOffset: 2,
    lastOffset: 4,
    logAppendTimeMs: -1,
    sizeBytes: batch.length,
    maxTimestampMs: 1_700_000_000_000,
  });
  assert.equal(header.baseOffset(batch, 0), 2);
  assert.equal(header.partitionLeaderEpoch(batch, 0), 9);
  assert.ok(batch.subarray(16).equals(sent.subarray(16)));
  assert.equal(bench.log.latestLeaderEpoch, 9);
});

test("what a client may not send is refused by name, and changes nothing", () => {
  const bench = new Bench({ maxMessageBytes: 500, segmentBytes: 400 });
  const batch = batchOf(["a"]);
  const damaged = Buffer.from(batch);
  damaged.writeUInt8(1, damaged.length - 1);
  assert.equal(bench.refusal(damaged), "CORRUPT_MESSAGE");
  assert.equal(bench.refusal(batch.subarray(0, 50)), "INVALID_RECORD");
  assert.equal(bench.refusal(Buffer.concat([batch, batch])), "INVALID_RECORD");
  assert.equal(bench.refusal(batchOf(["a"], { isControl: true })), "INVALID_RECORD");
  assert.equal(bench.refusal(batchOf(["x".repeat(600)])), "MESSAGE_TOO_LARGE");
  assert.equal(bench.refusal(batchOf(["x".repeat(400)])), "RECORD_LIST_TOO_LARGE");
  assert.equal(bench.log.logEndOffset, 0);
  assert.equal(bench.log.sizeBytes, 0);
});

test("a compacted topic refuses records without a key, and says which", () => {
  const bench = new Bench({ cleanupPolicy: ["compact"] });
  const outcome = bench.append(["a", "b"]);
  assert.equal(outcome.kind === "refused" && outcome.error, "INVALID_RECORD");
  assert.deepEqual(
    outcome.kind === "refused" && outcome.recordErrors?.map(({ batchIndex }) => batchIndex),
    [0, 1],
  );
  assert.equal(bench.append(["a"], { key: "k" }).kind, "appended");
});

test("timestamps too far before or after now are refused", () => {
  const bench = new Bench({ messageTimestampBeforeMaxMs: 1000, messageTimestampAfterMaxMs: 500 });
  const at = (timestamp: number): string => bench.refusal(batchOf(["a"], { timestamp }));
  assert.equal(at(nowMs - 1001), "INVALID_TIMESTAMP");
  assert.equal(at(nowMs + 501), "INVALID_TIMESTAMP");
  assert.equal(at(nowMs - 1000), "appended");
  assert.equal(at(nowMs + 500), "appended");
});

test("LogAppendTime gives every record the broker's time and a right checksum", async () => {
  const bench = new Bench({ messageTimestampType: "LogAppendTime" });
  const outcome = bench.append(["a", "b"]);
  assert.equal(outcome.kind === "appended" && outcome.logAppendTimeMs, nowMs);
  const read = await bench.log.read({
    offset: 0,
    maxBytes: 1000,
    minOneBatch: true,
    isolation: "end",
  });
  const chunk = read.kind === "read" ? read.chunks[0] : undefined;
  assert.ok(chunk !== undefined && header.isCrcValid(chunk, 0));
  assert.deepEqual(
    [...readRecords(chunk, 0)].map(({ timestamp }) => timestamp),
    [nowMs, nowMs],
  );
});

test("a batch that comes again gets the offsets of the first time", () => {
  const bench = new Bench();
  const producer = { producerId: 5n, producerEpoch: 0 };
  bench.append(["other"]);
  bench.append(["a", "b"], { ...producer, baseSequence: 0 });
  bench.append(["c"], { ...producer, baseSequence: 2 });
  const again = bench.append(["a", "b"], { ...producer, baseSequence: 0 });
  assert.equal(again.kind, "duplicate");
  assert.equal(again.kind === "duplicate" && again.baseOffset, 1);
  assert.equal(again.kind === "duplicate" && again.lastOffset, 2);
  assert.equal(bench.log.logEndOffset, 4);
});

test("a follower keeps offsets and epochs, drops a part of a batch, refuses a step back", () => {
  const bench = new Bench();
  const first = batchOf(["a"], { baseOffset: 10, partitionLeaderEpoch: 2 });
  const second = batchOf(["b"], { baseOffset: 20, partitionLeaderEpoch: 4 });
  const bytes = Buffer.concat([first, second, second.subarray(0, 30)]);
  const outcome = bench.log.append(bytes, { origin: "replication", leaderEpoch: 9 });
  assert.equal(outcome.kind, "appended");
  assert.equal(bench.log.logEndOffset, 21);
  assert.equal(bench.log.leaderEpochForOffset(15), 2);
  assert.equal(bench.log.latestLeaderEpoch, 4);
  assert.equal(bench.refusal(first, { origin: "replication" }), "INVALID_RECORD");
});

test("isolation decides how far a reader sees", async () => {
  const bench = new Bench();
  bench.append(["plain"]);
  bench.append(["open"], {
    producerId: 1n,
    producerEpoch: 0,
    baseSequence: 0,
    isTransactional: true,
  });
  bench.append(["later"]);
  bench.log.advanceHighWatermark(2);
  assert.deepEqual(await bench.values(0, "end"), ["plain", "open", "later"]);
  assert.deepEqual(await bench.values(0, "highWatermark"), ["plain", "open"]);
  assert.deepEqual(await bench.values(0, "lastStable"), ["plain"]);
  assert.equal(bench.log.lastStableOffset, 1);
});

test("a read_committed reader learns which transactions to drop", async () => {
  const bench = new Bench();
  const send = (producerId: bigint, baseSequence: number): void => {
    const producer = { producerId, producerEpoch: 0, baseSequence, isTransactional: true };
    assert.equal(bench.append(["v"], producer).kind, "appended");
  };
  send(1n, 0);
  send(2n, 0);
  bench.mark(1n, "ABORT");
  assert.equal(bench.log.lastStableOffset, 0);
  bench.mark(2n, "COMMIT");
  bench.log.advanceHighWatermark(4);
  assert.equal(bench.log.lastStableOffset, 4);
  const read = await bench.log.read({
    offset: 0,
    maxBytes: 1000,
    minOneBatch: true,
    isolation: "lastStable",
  });
  const aborted = read.kind === "read" ? read.abortedTransactions : undefined;
  assert.deepEqual(aborted, [{ producerId: 1n, firstOffset: 0 }]);
  const after = await bench.log.read({
    offset: 3,
    maxBytes: 1000,
    minOneBatch: true,
    isolation: "lastStable",
  });
  assert.deepEqual(after.kind === "read" && after.abortedTransactions, []);
});

test("an offset outside the log is refused, its end gives nothing yet", async () => {
  const bench = new Bench();
  bench.append(["a", "b", "c"]);
  bench.log.truncatePrefix(1);
  const read = (offset: number) =>
    bench.log.read({ offset, maxBytes: 100, minOneBatch: true, isolation: "end" });
  for (const offset of [-1, 0, 4]) {
    const outcome = await read(offset);
    assert.equal(outcome.kind === "refused" && outcome.error, "OFFSET_OUT_OF_RANGE");
  }
  const atEnd = await read(3);
  assert.equal(atEnd.kind === "read" && atEnd.sizeBytes, 0);
});

test("a batch in memory is served without a promise, an older one from the file", async () => {
  const bench = new Bench({}, { recentBatchesBytesMax: 128 * 1024 });
  const big = "x".repeat(60_000);
  for (let at = 0; at < 6; at += 1) bench.append([big]);
  const options = { maxBytes: 100_000, minOneBatch: true, isolation: "end" } as const;
  assert.ok(!(bench.log.read({ ...options, offset: 5 }) instanceof Promise));
  assert.ok(bench.log.read({ ...options, offset: 0 }) instanceof Promise);
  assert.equal((await bench.values(0)).length, 6);
});

test("the high watermark of one replica stays before a batch that waits for the disk", async () => {
  const bench = new Bench();
  bench.append(["acks=1"]);
  assert.equal(bench.log.visibleEndOffset, 1);
  bench.append(["acks=all"], { awaitsSync: true });
  bench.append(["acks=1 behind it"]);
  assert.equal(bench.log.visibleEndOffset, 1);
  await settle(bench.platform, bench.log.flush());
  assert.equal(bench.log.visibleEndOffset, 3);
  assert.equal(bench.log.durableOffset, 3);
  bench.append(["acks=1 again"]);
  assert.equal(bench.log.visibleEndOffset, 4);
});

test("a full disk refuses a write, cuts what it wrote of it, reads on, and takes writes again", async () => {
  const bench = new Bench();
  bench.append(["before"]);
  const { disk } = bench.platform.fileSystem;
  const size = bench.log.sizeBytes;
  disk.setCapacity(disk.tree === undefined ? 0 : size + 400);
  const outcome = bench.append(["x".repeat(2000)]);
  assert.equal(outcome.kind === "refused" && outcome.error, "KAFKA_STORAGE_ERROR");
  assert.equal(bench.directoryState.isOffline, false);
  assert.equal(bench.log.logEndOffset, 1);
  assert.equal(bench.platform.fileSystem.stat(logFile(0))?.sizeBytes, size);
  assert.deepEqual(await bench.values(0), ["before"]);
  disk.setCapacity(Number.POSITIVE_INFINITY);
  assert.equal(bench.append(["after"]).kind, "appended");
  assert.deepEqual(await bench.values(0), ["before", "after"]);
});

test("a failed write takes the log directory offline", () => {
  const bench = new Bench();
  bench.append(["before"]);
  bench.platform.fileSystem.disk.faults.add({ operations: ["write"], systemCode: "EIO" });
  assert.equal(bench.refusal(batchOf(["a"])), "KAFKA_STORAGE_ERROR");
  assert.equal(bench.directoryState.isOffline, true);
});

test("a failed sync takes the log directory offline and is never tried again", async () => {
  const bench = new Bench();
  bench.append(["a"], { awaitsSync: true });
  const { faults } = bench.platform.fileSystem.disk;
  faults.add({ operations: ["sync"], systemCode: "EIO", failureCount: 1 });
  await assert.rejects(settle(bench.platform, bench.log.flush()), { systemCode: "EIO" });
  assert.equal(bench.directoryState.isOffline, true);
  assert.equal(bench.log.durableOffset, 0);
  assert.equal(bench.log.visibleEndOffset, 0);
  const read = await bench.log.read({
    offset: 0,
    maxBytes: 100,
    minOneBatch: true,
    isolation: "end",
  });
  assert.equal(read.kind === "refused" && read.error, "KAFKA_STORAGE_ERROR");
});

test("a sync that succeeds after another has failed acknowledges nothing", async () => {
  const bench = new Bench();
  bench.append(["a"], { awaitsSync: true });
  bench.append(["b"], { awaitsSync: true });
  const flushed = bench.log.flush();
  flushed.catch(() => {});
  const { faults } = bench.platform.fileSystem.disk;
  faults.add({ operations: ["sync"], systemCode: "EIO", failureCount: 1 });
  assert.throws(() => bench.log.truncateSuffix(1), { systemCode: "EIO" });
  await assert.rejects(settle(bench.platform, flushed), { code: "LOG_DIRECTORY_UNUSABLE" });
  assert.equal(bench.log.durableOffset, 0);
});

test("a full disk that has no room for a topic's id does not take the log directory offline", () => {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory("/d");
  const directoryState = new TestDirectoryState();
  const place = { path: "/d/orders-0", config: configWith(), directoryState };
  const log = createLog(simEnvironment(platform), { ...place, topicId: undefined });
  platform.fileSystem.disk.faults.add({ operations: ["write"], systemCode: "ENOSPC" });
  assert.throws(() => log.assignTopicId("AAAAAAAAAAAAAAAAAAAAAQ"), { systemCode: "ENOSPC" });
  assert.equal(directoryState.isOffline, false);
  assert.equal(log.topicId, undefined);
});

test("a clean stop syncs aborted transactions, of which nobody would look for more", async () => {
  const bench = new Bench();
  const producer = { producerId: 1n, producerEpoch: 0, baseSequence: 0, isTransactional: true };
  bench.append(["v"], producer);
  bench.mark(1n, "ABORT");
  const { faults } = bench.platform.fileSystem.disk;
  const matches = (path: string): boolean => path.endsWith(".txnindex");
  faults.add({ operations: ["sync"], matches, systemCode: "EIO" });
  await assert.rejects(settle(bench.platform, bench.log.close()), { systemCode: "EIO" });
});

test("segments are rolled by size, by the records' time, and when an index is full", () => {
  const bySize = new Bench({ segmentBytes: 300 });
  for (let at = 0; at < 10; at += 1) bySize.append(["x".repeat(60)]);
  assert.equal(bySize.log.segmentCount, 5);
  const byTime = new Bench({ segmentMs: 1000 });
  byTime.append(["a"], { timestamp: 5000 });
  byTime.append(["b"], { timestamp: 6000 });
  assert.equal(byTime.log.segmentCount, 1);
  byTime.append(["c"], { timestamp: 6001 });
  assert.equal(byTime.log.segmentCount, 2);
  const byIndex = new Bench({ segmentIndexBytes: 64, indexIntervalBytes: 0 });
  for (let at = 0; at < 20; at += 1) byIndex.append(["a"], { timestamp: 5000 + at });
  assert.ok(byIndex.log.segmentCount >= 4);
});

test("an offset that a segment's index cannot hold begins a new segment", () => {
  const bench = new Bench();
  const replicate = (baseOffset: number): string =>
    bench.refusal(batchOf(["a"], { baseOffset }), { origin: "replication" });
  assert.equal(replicate(0), "appended");
  assert.equal(replicate(2 ** 31), "appended");
  assert.equal(bench.log.segmentCount, 2);
  assert.equal(bench.log.logEndOffset, 2 ** 31 + 1);
});

test("cutting the end brings epochs, producers and transactions back to what they were", async () => {
  const bench = new Bench();
  const producer = { producerId: 5n, producerEpoch: 0 };
  bench.append(["a"], { ...producer, baseSequence: 0, leaderEpoch: 1 });
  bench.append(["b"], { ...producer, baseSequence: 1, leaderEpoch: 2, isTransactional: true });
  bench.log.truncateSuffix(1);
  assert.equal(bench.log.logEndOffset, 1);
  assert.equal(bench.log.latestLeaderEpoch, 1);
  assert.equal(bench.log.activeProducers()[0]?.lastSequence, 0);
  assert.equal(bench.log.activeProducers()[0]?.currentTransactionStartOffset, -1);
  assert.equal(bench.append(["b2"], { ...producer, baseSequence: 1 }).kind, "appended");
  assert.deepEqual(await bench.values(0), ["a", "b2"]);
});

test("a log that is started anew begins empty where it is told to", async () => {
  const bench = new Bench({ segmentBytes: 200 });
  for (let at = 0; at < 10; at += 1) bench.append(["x".repeat(50)]);
  bench.log.truncateFullyAndStartAt(1000);
  assert.equal(bench.log.logStartOffset, 1000);
  assert.equal(bench.log.segmentCount, 1);
  bench.append(["first"]);
  assert.deepEqual(await bench.values(1000), ["first"]);
});

test("flush.messages flushes by itself", async () => {
  const bench = new Bench({ flushMessages: 3 });
  bench.append(["a", "b"]);
  await bench.platform.clock.advance(100);
  assert.equal(bench.log.durableOffset, 0);
  bench.append(["c"]);
  await bench.platform.clock.advance(100);
  assert.equal(bench.log.durableOffset, 3);
});

test("a closed log refuses appends and reads", async () => {
  const bench = new Bench();
  bench.append(["a"]);
  await settle(bench.platform, bench.log.close());
  assert.equal(bench.refusal(batchOf(["b"])), "KAFKA_STORAGE_ERROR");
  assert.equal(bench.log.isOffline, true);
});

function logFile(baseOffset: number): string {
  return `/d/orders-0/${String(baseOffset).padStart(20, "0")}.log`;
}
