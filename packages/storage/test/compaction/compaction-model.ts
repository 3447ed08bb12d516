import assert from "node:assert/strict";
import { SimCrash, type SimPlatform, SimRandom, simPlatform } from "@millrace/platform/sim";
import {
  BatchCursor,
  batchHeader as header,
  buildEndTransactionBatch,
  buildRecordBatch,
  type CompressionName,
  isBatchCrcValid,
  readRecords,
} from "@millrace/protocol";
import { measureCleanable } from "../../src/compaction/cleanable-range.ts";
import { CleanerCheckpoint } from "../../src/compaction/cleaner-checkpoint.ts";
import { type CompactionLimits, LogCompaction } from "../../src/compaction/log-compaction.ts";
import {
  createLog,
  type LogConfig,
  type LogEnvironment,
  openLog,
  type PartitionLog,
} from "../../src/index.ts";
import { configWith, simEnvironment, TestDirectoryState } from "../support.ts";

/** A record as it was written once. */
interface WrittenRecord {
  readonly offset: number;
  readonly key: string;
  readonly value: string | null;
  /** The transaction that it belongs to. */
  readonly transaction: { state: "open" | "committed" | "aborted" } | undefined;
}

interface ModelProducer {
  readonly id: bigint;
  readonly isTransactional: boolean;
  epoch: number;
  sequence: number;
  transaction: { state: "open" | "committed" | "aborted" } | undefined;
}

const deleteRetentionMs = 10_000;
const config: Partial<LogConfig> = {
  segmentBytes: 1500,
  indexIntervalBytes: 150,
  segmentIndexBytes: 800,
  cleanupPolicy: ["compact"],
  fileDeleteDelayMs: 1000,
  deleteRetentionMs,
};
const path = "/data/orders-0";
const codecs: readonly CompressionName[] = [
  "none",
  "none",
  "none",
  "zstd",
  "lz4",
  "gzip",
  "snappy",
];

interface ConsumedRecord {
  readonly offset: number;
  readonly key: string;
  readonly value: string | null;
}

/** Leaves out what belongs to aborted transactions, as Kafka's Java client does. */
function filterCommitted(
  bytes: Buffer,
  fromOffset: number,
  abortedTransactions: readonly { readonly producerId: bigint; readonly firstOffset: number }[],
): ConsumedRecord[] {
  const aborted = [...abortedTransactions];
  aborted.sort((left, right) => left.firstOffset - right.firstOffset);
  const ongoing = new Set<bigint>();
  const records: ConsumedRecord[] = [];
  const cursor = new BatchCursor(bytes);
  while (cursor.next()) {
    const at = cursor.position;
    const lastOffset = header.lastOffset(bytes, at);
    for (; aborted[0] !== undefined && aborted[0].firstOffset <= lastOffset; aborted.shift()) {
      ongoing.add(aborted[0].producerId);
    }
    const producerId = header.producerId(bytes, at);
    if (header.isControl(bytes, at)) {
      const [marker] = [...readRecords(bytes, at)];
      if (marker?.key?.readInt16BE(2) === 0) ongoing.delete(producerId);
    } else if (!header.isTransactional(bytes, at) || !ongoing.has(producerId)) {
      for (const { offset, key, value } of readRecords(bytes, at)) {
        if (offset < fromOffset) continue;
        records.push({ offset, key: String(key), value: value === null ? null : String(value) });
      }
    }
  }
  return records;
}

/**
 * Writes a log with transactions at random and compacts it, and compares what a read_committed
 * consumer sees with a list of everything that was ever written.
 */
export class CompactionModel {
  readonly #platform: SimPlatform;
  readonly #random: SimRandom;
  readonly #limits: CompactionLimits;
  #environment: LogEnvironment;
  #log: PartitionLog;
  #checkpoint: CleanerCheckpoint;
  readonly #written: WrittenRecord[] = [];
  #producers: ModelProducer[];
  #valueCount = 0;
  #nextProducerId = 1n;
  /** When each tombstone was the last of its key and first met by a whole compaction. */
  readonly #tombstoneSeenMs = new Map<number, number>();
  readonly trace: string[] = [];
  crashCount = 0;
  swapCount = 0;
  removedCount = 0;

  constructor(seed: number) {
    this.#platform = simPlatform({ seed, logLevel: "error" });
    this.#random = new SimRandom(seed ^ 0xc0de);
    const isSmall = this.#random.nextInt(3) === 0;
    this.#limits = {
      // A third of the runs has a map that is full after a few keys.
      offsetMapBytesMax: isSmall ? 24 * 6 : 1 << 20,
      offsetMapLoadFactor: 0.9,
      ioBytesPerSecond: isSmall ? 50_000 : Infinity,
      decompressedSizeBytesMax: 1 << 20,
    };
    this.#environment = this.#newEnvironment();
    this.#platform.fileSystem.makeDirectory("/data");
    this.#platform.fileSystem.syncDirectory("/");
    this.#log = createLog(this.#environment, {
      path,
      config: configWith(config),
      directoryState: new TestDirectoryState(),
      topicId: "AAAAAAAAAAAAAAAAAAAAAQ",
    });
    this.#checkpoint = this.#newCheckpoint();
    this.#producers = [false, true, true].map((isTransactional) => this.#producer(isTransactional));
  }

  /** Runs one random operation; `crashes`: compactions may be stopped in the middle. */
  async step(crashes: boolean): Promise<void> {
    const choice = this.#random.nextInt(100);
    if (choice < 62) this.#append();
    else if (choice < 76) this.#endTransaction();
    else if (choice < 80) this.#roll();
    else if (choice < 86) await this.#platform.clock.advance(this.#random.nextInt(8000));
    else if (choice < 88) await this.#reopen();
    else await this.#compact({ crashAt: this.#chooseCrash(crashes) });
  }

  /**
   * Writes a log, compacts it, writes on, and stops the machine in the `change`th change that the
   * next compaction makes on the disk; `fate` varies what survives. Then compacts to the end.
   * @returns whether the compaction had so many changes.
   */
  async crashInChange(change: number, fate: number): Promise<boolean> {
    for (const part of [1, 2]) {
      for (let step = 0; step < 16; step += 1) {
        if (this.#random.nextInt(4) === 0) this.#endTransaction();
        else this.#append();
        // Small segments, so that several become one.
        if (step % 4 === 3) this.#roll();
      }
      if (part === 1) await this.#compact({ crashAt: 0 });
    }
    const { disk } = this.#platform.fileSystem;
    for (let draw = 0; draw < fate; draw += 1) disk.random.nextInt(2);
    await this.#compact({ crashAt: change });
    const hasCrashed = this.crashCount > 0;
    await this.#compact({ crashAt: 0 });
    await this.#reopen();
    return hasCrashed;
  }

  /** Ends every transaction and compacts all that can be, then looks at the result. */
  async finish(): Promise<void> {
    for (let count = 0; count < this.#producers.length * 2; count += 1) this.#endTransaction();
    this.#roll();
    this.#append();
    for (let round = 0; round < 60; round += 1) {
      await this.#platform.clock.advance(deleteRetentionMs + 1);
      await this.#compact({ crashAt: 0 });
    }
    await this.#check();
  }

  #chooseCrash(crashes: boolean): number {
    return crashes && this.#random.nextInt(2) === 0 ? 1 + this.#random.nextInt(80) : 0;
  }

  #append(): void {
    const count = 1 + this.#random.nextInt(5);
    const producer = this.#producers[this.#random.nextInt(this.#producers.length + 1)];
    if (producer?.isTransactional === true) producer.transaction ??= { state: "open" };
    const first = this.#log.logEndOffset;
    const records: WrittenRecord[] = Array.from({ length: count }, (_, at) => {
      this.#valueCount += 1;
      const isTombstone = this.#random.nextInt(6) === 0;
      return {
        offset: first + at,
        key: `key-${this.#random.nextInt(7)}`,
        value: isTombstone ? null : `${this.#valueCount}`.padEnd(this.#random.nextInt(60), "v"),
        transaction: producer?.transaction,
      };
    });
    const timestamp = this.#platform.clock.nowMs();
    const batch = buildRecordBatch(
      records.map(({ key, value }) => ({
        timestamp,
        key: Buffer.from(key),
        value: value === null ? null : Buffer.from(value),
        headers: [{ key: "h", value: null }],
      })),
      {
        compression: codecs[this.#random.nextInt(codecs.length)] ?? "none",
        ...(producer === undefined
          ? {}
          : {
              producerId: producer.id,
              producerEpoch: producer.epoch,
              baseSequence: producer.sequence,
              isTransactional: producer.isTransactional,
            }),
      },
    );
    if (producer !== undefined) producer.sequence += count;
    this.trace.push(`append ${count} at ${first} of ${producer?.id ?? "nobody"}`);
    this.#write(batch, "client");
    this.#written.push(...records);
  }

  #endTransaction(): void {
    const open = this.#producers.filter((producer) => producer.transaction?.state === "open");
    const producer = open[this.#random.nextInt(open.length + 1)] ?? open[0];
    if (producer?.transaction === undefined) return;
    const type = this.#random.nextInt(2) === 0 ? "ABORT" : "COMMIT";
    this.trace.push(`${type} of ${producer.id} at ${this.#log.logEndOffset}`);
    const marker = buildEndTransactionBatch(
      { type, coordinatorEpoch: 0 },
      {
        timestamp: this.#platform.clock.nowMs(),
        producerId: producer.id,
        producerEpoch: producer.epoch,
      },
    );
    this.#write(marker, "coordinator");
    producer.transaction.state = type === "ABORT" ? "aborted" : "committed";
    producer.transaction = undefined;
    if (this.#random.nextInt(4) === 0) {
      this.#producers = this.#producers.map((each) =>
        each === producer ? this.#producer(producer.isTransactional) : each,
      );
    }
  }

  #write(batch: Buffer, origin: "client" | "coordinator"): void {
    const outcome = this.#log.append(batch, { origin, leaderEpoch: 3 });
    assert.equal(outcome.kind, "appended", JSON.stringify(outcome));
    this.#log.advanceHighWatermark(this.#log.logEndOffset);
  }

  #roll(): void {
    this.trace.push(`roll at ${this.#log.logEndOffset}`);
    this.#log.roll();
  }

  async #reopen(): Promise<void> {
    this.trace.push("close and reopen");
    await this.#settle(this.#log.close());
    await this.#open(true, this.#log.logEndOffset);
    await this.#check();
  }

  /** Compacts what can be; `crashAt`: the machine stops in that change, 0 for never. */
  async #compact({ crashAt }: { readonly crashAt: number }): Promise<void> {
    const end = this.#log.logEndOffset;
    const disk = this.#platform.fileSystem.disk;
    await this.#settle(this.#log.flush());
    if (crashAt > 0) disk.crashAtChange(disk.changeCount() + crashAt);
    const nowMs = this.#platform.clock.nowMs();
    try {
      const log = this.#log;
      const range = measureCleanable(log, this.#checkpoint.offsetOf(log), nowMs);
      this.trace.push(`compact from ${range.firstDirtyOffset} to ${range.endOffset}`);
      if (range.cleanableBytes > 0) {
        const compaction = new LogCompaction({
          log,
          range,
          limits: this.#limits,
          offload: this.#platform.offload,
          isStopped: () => false,
        });
        const report = await this.#settle(compaction.run());
        assert.ok(report.endOffset !== undefined && report.endOffset > range.firstDirtyOffset);
        assert.equal(report.invalidRecords, 0);
        this.trace.push(`compacted up to ${report.endOffset}, ${report.swapCount} swaps`);
        this.swapCount += report.swapCount;
        this.removedCount += report.recordsRead - report.recordsKept;
        this.#noteTombstones(report.endOffset, nowMs);
        this.#checkpoint.set(log, report.endOffset);
        this.#checkUnique(report.endOffset);
      }
    } catch (error) {
      if (!disk.hasCrashed()) throw error;
      await this.#restart(end);
    }
    disk.crashAtChange(Number.MAX_SAFE_INTEGER);
    await this.#check();
  }

  async #restart(endOffset: number): Promise<void> {
    this.crashCount += 1;
    const kind = this.#random.nextInt(3) === 0 ? "kill" : "powerLoss";
    this.trace.push(`${kind} in a compaction`);
    this.#platform.restart(kind);
    // Sometimes all is checked, sometimes only what a recent checkpoint leaves.
    await this.#open(false, this.#random.nextInt(2) === 0 ? 0 : endOffset);
    assert.equal(this.#log.logEndOffset, endOffset, "the log's end after a crash");
  }

  async #open(wasCleanShutdown: boolean, recoveryPoint: number): Promise<void> {
    this.#environment = this.#newEnvironment();
    const opened = await this.#settle(
      openLog(this.#environment, {
        path,
        config: configWith(config),
        directoryState: new TestDirectoryState(),
        wasCleanShutdown,
        recoveryPoint,
        logStartOffset: 0,
        highWatermark: 0,
      }),
    );
    this.#log = opened.log;
    this.#log.advanceHighWatermark(this.#log.logEndOffset);
    this.#checkpoint = this.#newCheckpoint();
  }

  /** Delete horizons are set when a batch is first passed: up to the end of the last segment. */
  #noteTombstones(endOffset: number, nowMs: number): void {
    const { active, closed } = this.#log.segments;
    const next = closed.find(endOffset - 1) + 1;
    const passedEnd = next < closed.count ? closed.baseOffset(next) : active.baseOffset;
    for (const { offset } of this.#written) {
      if (offset < passedEnd && !this.#tombstoneSeenMs.has(offset)) {
        this.#tombstoneSeenMs.set(offset, nowMs);
      }
    }
  }

  /** The batches of all files, in order, with every claim about files checked. */
  #batches(): { readonly bytes: Buffer; readonly segment: number }[] {
    const { fileSystem } = this.#platform;
    const { segments } = this.#log;
    const bases = Array.from({ length: segments.closed.count }, (_, at) =>
      segments.closed.baseOffset(at),
    );
    bases.push(segments.active.baseOffset);
    const batches: { bytes: Buffer; segment: number }[] = [];
    let last = -1;
    for (const segment of bases) {
      const [file = ""] = segments.filesOf(segment);
      const buffer = fileSystem.readFile(file);
      const cursor = new BatchCursor(buffer);
      while (cursor.next()) {
        const bytes = buffer.subarray(cursor.position, cursor.position + cursor.sizeBytes);
        assert.ok(isBatchCrcValid(bytes, 0), "checksum");
        const baseOffset = header.baseOffset(bytes, 0);
        assert.ok(baseOffset > last && baseOffset >= segment, `offset ${baseOffset} after ${last}`);
        last = header.lastOffset(bytes, 0);
        batches.push({ bytes, segment });
      }
      assert.equal(cursor.stop, "end");
    }
    return batches;
  }

  /** What a read_committed consumer gets. */
  async #consume(): Promise<ConsumedRecord[]> {
    const log = this.#log;
    const records: ConsumedRecord[] = [];
    let offset = log.logStartOffset;
    while (offset < log.lastStableOffset) {
      const read = await this.#settle(
        log.read({ offset, maxBytes: 4000, minOneBatch: true, isolation: "lastStable" }),
      );
      assert.ok(read.kind === "read");
      const bytes = Buffer.concat(read.chunks);
      records.push(...filterCommitted(bytes, offset, read.abortedTransactions ?? []));
      read.release();
      // Compaction may have left nothing from here to the end.
      if (read.sizeBytes === 0) break;
      assert.ok(read.endOffset > offset);
      offset = read.endOffset;
    }
    return records;
  }

  async #check(): Promise<void> {
    this.#batches();
    const stable = this.#log.lastStableOffset;
    const written = new Map(this.#written.map((record) => [record.offset, record]));
    const seen = await this.#consume();
    const lastSeen = new Map<string, { offset: number; value: string | null }>();
    for (const record of seen) {
      const original = written.get(record.offset);
      assert.ok(original !== undefined, `a record at ${record.offset} that nobody wrote`);
      assert.deepEqual([record.key, record.value], [original.key, original.value]);
      assert.notEqual(original.transaction?.state, "aborted", `aborted ${record.offset} is read`);
      lastSeen.set(record.key, record);
    }
    const nowMs = this.#platform.clock.nowMs();
    const lastWritten = new Map<string, WrittenRecord>();
    for (const record of this.#written) {
      const state = record.transaction?.state ?? "committed";
      if (state === "committed" && record.offset < stable) lastWritten.set(record.key, record);
    }
    for (const [key, record] of lastWritten) {
      const found = lastSeen.get(key);
      if (found?.offset === record.offset) continue;
      assert.equal(record.value, null, `${key} of ${record.offset} is lost, seen ${found?.offset}`);
      assert.equal(found, undefined, `${key} came back from ${found?.offset}`);
      const seenMs = this.#tombstoneSeenMs.get(record.offset) ?? nowMs;
      assert.ok(nowMs - seenMs >= deleteRetentionMs, `tombstone ${record.offset} went too early`);
    }
    this.#checkSequences();
  }

  /** What the log knows of producers goes on without a gap, from its batches alone. */
  #checkSequences(): void {
    for (const producer of this.#producers) {
      const entry = this.#log
        .activeProducers()
        .find(({ producerId }) => producerId === producer.id);
      assert.equal(entry?.lastSequence ?? -1, producer.sequence - 1, `sequence of ${producer.id}`);
    }
  }

  /** Below the end of a compaction each key has one committed record. */
  #checkUnique(endOffset: number): void {
    const states = new Map(
      this.#written.map(({ offset, transaction }) => [offset, transaction?.state]),
    );
    const keys = new Map<string, number>();
    for (const { bytes } of this.#batches()) {
      if (header.isControl(bytes, 0)) continue;
      for (const { offset, key } of readRecords(bytes, 0)) {
        if (offset >= endOffset) return;
        assert.notEqual(states.get(offset), "aborted", `aborted ${offset} is kept`);
        const text = key?.toString() ?? "";
        const other = keys.get(text);
        assert.equal(other, undefined, `${text} is kept at ${other} and ${offset}`);
        keys.set(text, offset);
      }
    }
  }

  #producer(isTransactional: boolean): ModelProducer {
    const id = this.#nextProducerId;
    this.#nextProducerId += 1n;
    return { id, isTransactional, epoch: 0, sequence: 0, transaction: undefined };
  }

  #newCheckpoint(): CleanerCheckpoint {
    return new CleanerCheckpoint(this.#platform.fileSystem, "/data", [this.#log]);
  }

  #newEnvironment(): LogEnvironment {
    // Nothing is served from memory, so that what is read is what was compacted.
    return simEnvironment(this.#platform, { recentBatchesBytesMax: 0, openFilesMax: 4 });
  }

  async #settle<Result>(promise: Promise<Result> | Result): Promise<Result> {
    const disk = this.#platform.fileSystem.disk;
    let isDone = false;
    const watched = Promise.resolve(promise).finally(() => {
      isDone = true;
    });
    watched.catch(() => {});
    await this.#platform.clock.runUntil(() => isDone || disk.hasCrashed(), 600_000);
    if (disk.hasCrashed()) throw new SimCrash();
    return watched;
  }
}
