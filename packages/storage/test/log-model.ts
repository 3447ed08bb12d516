import assert from "node:assert/strict";
import { simPlatform, type SimPlatform, SimCrash, SimRandom } from "@millrace/platform/sim";
import { batchHeader as header } from "@millrace/protocol";
import {
  createLog,
  type LogConfig,
  type LogEnvironment,
  openLog,
  type PartitionLog,
  type ReadIsolation,
} from "../src/index.ts";
import { batchOf, configWith, simEnvironment, TestDirectoryState } from "./support.ts";

/** A batch as the naive model of a log remembers it. */
interface ModelBatch {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly bytes: Buffer;
  readonly epoch: number;
  readonly timestampMs: number;
}

const config: Partial<LogConfig> = {
  segmentBytes: 2000,
  indexIntervalBytes: 200,
  segmentIndexBytes: 400,
  retentionMs: -1,
  retentionBytes: -1,
  fileDeleteDelayMs: 1000,
};
const path = "/data/orders-0";

/** Runs random operations on a log and on a list of batches, and compares the two after each. */
export class LogModel {
  readonly #platform: SimPlatform;
  readonly #random: SimRandom;
  #environment: LogEnvironment;
  #directoryState = new TestDirectoryState();
  #log: PartitionLog;
  #batches: ModelBatch[] = [];
  #logStartOffset = 0;
  #epoch = 0;
  #timestampMs = 1_700_000_000_000;
  /** What was acknowledged as durable; must survive everything. */
  #durableOffset = 0;
  /** What a checkpoint may say when the machine stops. */
  #recoveryPoint = 0;
  /** The highest end that a reader may have been shown. */
  #shownOffset = 0;
  #valueCount = 0;
  crashCount = 0;
  readonly trace: string[] = [];

  constructor(seed: number) {
    this.#platform = simPlatform({ seed, logLevel: "error" });
    this.#random = new SimRandom(seed ^ 0x5eed);
    this.#environment = this.#newEnvironment();
    this.#platform.fileSystem.makeDirectory("/data");
    this.#platform.fileSystem.syncDirectory("/");
    this.#log = createLog(this.#environment, {
      path,
      config: configWith(config),
      directoryState: this.#directoryState,
      topicId: "AAAAAAAAAAAAAAAAAAAAAQ",
    });
  }

  /** Runs one random operation; `crashes`: it may be stopped in the middle. */
  async step(crashes: boolean): Promise<void> {
    const disk = this.#platform.fileSystem.disk;
    this.#recoveryPoint = this.#log.recoveryPoint;
    if (crashes && this.#random.nextInt(8) === 0) {
      disk.crashAtChange(disk.changeCount() + 1 + this.#random.nextInt(12));
    }
    try {
      await this.#operate();
      await this.#compare();
    } catch (error) {
      if (!disk.hasCrashed()) throw error;
      await this.#restart();
      await this.#compare();
    }
  }

  async #operate(): Promise<void> {
    const choice = this.#random.nextInt(100);
    if (choice < 50) this.#append();
    else if (choice < 62) await this.#flush();
    else if (choice < 80) await this.#read();
    else if (choice < 84) this.#truncateSuffix();
    else if (choice < 88) this.#truncatePrefix();
    else if (choice < 91) this.#trace("roll", () => this.#log.roll());
    else if (choice < 94) await this.#retain();
    else if (choice < 97) await this.#findTimestamp();
    else if (choice < 99) await this.#reopen();
    else this.#restartAt();
  }

  #append(): void {
    if (this.#random.nextInt(20) === 0) this.#epoch += 1 + this.#random.nextInt(2);
    const count = 1 + this.#random.nextInt(4);
    const values = Array.from({ length: count }, () => {
      this.#valueCount += 1;
      return `${this.#valueCount}`.padEnd(this.#random.nextInt(90), "x");
    });
    this.#timestampMs += this.#random.nextInt(2000) - 500;
    const bytes = batchOf(values, { timestamp: this.#timestampMs });
    const awaitsSync = this.#random.nextInt(2) === 0;
    const ownership = this.#random.nextInt(2) === 0 ? "given" : "lent";
    const baseOffset = this.#log.logEndOffset;
    this.trace.push(`append ${count} at ${baseOffset} awaitsSync ${awaitsSync}`);
    // What a crash interrupts may be in the log all the same.
    this.#batches.push({
      baseOffset,
      endOffset: baseOffset + count,
      bytes,
      epoch: this.#epoch,
      timestampMs: this.#timestampMs,
    });
    const outcome = this.#log.append(bytes, {
      origin: "client",
      leaderEpoch: this.#epoch,
      awaitsSync,
      ownership,
    });
    assert.equal(outcome.kind, "appended");
    this.#advance();
  }

  /** As the broker of a one-replica topic does. */
  #advance(): void {
    const highWatermark = this.#log.advanceHighWatermark(this.#log.visibleEndOffset);
    this.#shownOffset = Math.max(this.#shownOffset, highWatermark);
  }

  async #flush(): Promise<void> {
    const end = this.#log.logEndOffset;
    this.trace.push(`flush ${end}`);
    const durable = await this.#settle(this.#log.flush());
    assert.ok(durable >= end);
    this.#durableOffset = Math.max(this.#durableOffset, end);
    this.#advance();
    assert.equal(this.#log.highWatermark, this.#log.logEndOffset);
  }

  async #read(): Promise<void> {
    const log = this.#log;
    const isolations = ["end", "highWatermark", "lastStable"] as const;
    const isolation: ReadIsolation = isolations[this.#random.nextInt(3)] ?? "end";
    const span = log.logEndOffset - log.logStartOffset;
    const offset = log.logStartOffset - 1 + this.#random.nextInt(span + 3);
    const maxBytes = this.#random.nextInt(3000);
    const minOneBatch = this.#random.nextInt(2) === 0;
    this.trace.push(`read ${offset} max ${maxBytes} one ${minOneBatch} ${isolation}`);
    const outcome = await this.#settle(log.read({ offset, maxBytes, minOneBatch, isolation }));
    if (offset < this.#logStartOffset || offset > log.logEndOffset) {
      assert.equal(outcome.kind, "refused");
      return;
    }
    assert.equal(outcome.kind, "read");
    if (outcome.kind !== "read") return;
    const limit = isolation === "end" ? log.logEndOffset : log.highWatermark;
    const expected: Buffer[] = [];
    let size = 0;
    let endOffset = offset;
    for (const batch of this.#batches) {
      if (batch.endOffset <= offset) continue;
      if (offset >= limit || batch.endOffset > limit) break;
      const isFirst = expected.length === 0 && minOneBatch;
      if (size + batch.bytes.length > maxBytes && !isFirst) break;
      size += batch.bytes.length;
      expected.push(batch.bytes);
      endOffset = batch.endOffset;
    }
    const given = Buffer.concat(outcome.chunks);
    // A read may stop early (at the end of a segment), but not with nothing where there is
    // something.
    assert.ok(Buffer.concat(expected).subarray(0, given.length).equals(given), "other bytes");
    assert.ok(given.length > 0 || expected.length === 0, "nothing was read");
    assert.equal(outcome.sizeBytes, given.length);
    if (given.length === size) assert.equal(outcome.endOffset, endOffset);
    outcome.release();
  }

  #truncateSuffix(): void {
    const log = this.#log;
    const span = log.logEndOffset - log.logStartOffset;
    const wanted = log.logStartOffset + this.#random.nextInt(span + 1);
    // Kafka cuts at a batch: the one that holds the offset goes as a whole.
    const holder = this.#batches.find((batch) => batch.endOffset > wanted);
    const offset = Math.max(holder?.baseOffset ?? wanted, this.#logStartOffset);
    if (holder !== undefined && holder.baseOffset < this.#logStartOffset) return;
    this.trace.push(`truncateSuffix ${offset}`);
    this.#durableOffset = Math.min(this.#durableOffset, offset);
    this.#shownOffset = Math.min(this.#shownOffset, offset);
    log.truncateSuffix(offset);
    this.#batches = this.#batches.filter((batch) => batch.endOffset <= offset);
  }

  #truncatePrefix(): void {
    const log = this.#log;
    const offset = Math.min(
      log.highWatermark,
      log.logStartOffset + this.#random.nextInt(log.logEndOffset - log.logStartOffset + 1),
    );
    this.trace.push(`truncatePrefix ${offset}`);
    log.truncatePrefix(offset);
    this.#logStartOffset = Math.max(this.#logStartOffset, offset);
  }

  async #retain(): Promise<void> {
    this.trace.push("retain");
    await this.#settle(this.#log.applyRetention());
    await this.#platform.clock.advance(this.#random.nextInt(1500));
  }

  async #findTimestamp(): Promise<void> {
    const wanted = this.#timestampMs - this.#random.nextInt(20_000);
    this.trace.push(`find ${wanted}`);
    const found = await this.#settle(this.#log.offsetForTimestamp(wanted, "end"));
    const batch = this.#batches.find(
      (each) => each.timestampMs >= wanted && each.endOffset > this.#logStartOffset,
    );
    const offset = batch === undefined ? -1 : Math.max(batch.baseOffset, this.#logStartOffset);
    assert.equal(found.offset, offset);
    if (batch !== undefined) assert.equal(found.timestampMs, batch.timestampMs);
  }

  async #reopen(): Promise<void> {
    this.trace.push("close and reopen");
    await this.#settle(this.#log.close());
    this.#durableOffset = this.#log.logEndOffset;
    await this.#open(true);
    assert.equal(this.#log.logEndOffset, this.#durableOffset);
  }

  #restartAt(): void {
    const offset = this.#log.logEndOffset + this.#random.nextInt(50);
    this.trace.push(`restart at ${offset}`);
    this.#durableOffset = 0;
    this.#shownOffset = 0;
    this.#log.truncateFullyAndStartAt(offset);
    this.#batches = [];
    this.#logStartOffset = offset;
    this.#durableOffset = offset;
  }

  async #open(wasCleanShutdown: boolean): Promise<void> {
    this.#environment = this.#newEnvironment();
    this.#directoryState = new TestDirectoryState();
    const opened = await this.#settle(
      openLog(this.#environment, {
        path,
        config: configWith(config),
        directoryState: this.#directoryState,
        wasCleanShutdown,
        recoveryPoint: this.#checkpoint(),
        logStartOffset: this.#logStartOffset,
        highWatermark: 0,
      }),
    );
    this.#log = opened.log;
    this.#log.advanceHighWatermark(this.#log.logEndOffset);
  }

  /** A checkpoint is as new as the last step, or older. */
  #checkpoint(): number {
    const newest = Math.min(this.#recoveryPoint, this.#durableOffset);
    return this.#random.nextInt(2) === 0 ? newest : this.#random.nextInt(newest + 1);
  }

  async #restart(): Promise<void> {
    this.crashCount += 1;
    const kind = this.#random.nextInt(2) === 0 ? "kill" : "powerLoss";
    this.trace.push(`${kind}, durable ${this.#durableOffset}, shown ${this.#shownOffset}`);
    const inMemory = this.#log.logEndOffset;
    this.#platform.restart(kind);
    await this.#open(false);
    const end = this.#log.logEndOffset;
    assert.ok(end >= this.#durableOffset, `lost durable ${this.#durableOffset}, has ${end}`);
    if (kind === "kill")
      assert.ok(end >= Math.min(inMemory, this.#shownOffset), "a kill lost data");
    this.#batches = this.#batches.filter((batch) => batch.endOffset <= end);
    // An interrupted restart may leave nothing.
    if (this.#log.logStartOffset === end) this.#batches = [];
    this.#durableOffset = end;
    this.#shownOffset = end;
    this.#logStartOffset = this.#log.logStartOffset;
  }

  /** Reads the whole log and compares it with the list. */
  async #compare(): Promise<void> {
    const log = this.#log;
    assert.equal(log.logStartOffset, this.#logStartOffset, "log start");
    const end = this.#batches.at(-1)?.endOffset ?? log.logEndOffset;
    assert.equal(log.logEndOffset, end, "log end");
    assert.ok(log.highWatermark <= log.logEndOffset && log.highWatermark >= log.logStartOffset);
    assert.ok(log.durableOffset <= log.logEndOffset);
    const last = this.#batches.at(-1);
    if (last !== undefined && last.endOffset > log.logStartOffset) {
      const offset = Math.max(last.baseOffset, log.logStartOffset);
      assert.equal(log.leaderEpochForOffset(offset), last.epoch, "epoch");
    }
    let offset = log.logStartOffset;
    const kept = this.#batches.filter((batch) => batch.endOffset > offset);
    for (const batch of kept) {
      assert.equal(header.baseOffset(batch.bytes, 0), batch.baseOffset, "stamped offset");
    }
    const expected = Buffer.concat(kept.map((batch) => batch.bytes));
    let at = 0;
    while (offset < log.logEndOffset) {
      const outcome = await this.#settle(
        log.read({ offset, maxBytes: 5000, minOneBatch: true, isolation: "end" }),
      );
      assert.ok(outcome.kind === "read" && outcome.sizeBytes > 0, `nothing at ${offset}`);
      const bytes = Buffer.concat(outcome.chunks);
      assert.ok(expected.subarray(at, at + bytes.length).equals(bytes), `other bytes at ${offset}`);
      at += bytes.length;
      offset = outcome.endOffset;
      outcome.release();
    }
    assert.equal(at, expected.length);
  }

  #trace(name: string, action: () => void): void {
    this.trace.push(name);
    action();
  }

  #newEnvironment(): LogEnvironment {
    // Little fits into memory, so that both ways of reading are used.
    return simEnvironment(this.#platform, {
      recentBatchesBytesMax: this.#random.nextInt(2) === 0 ? 1000 : 64 * 1024,
      coldReadBytesMax: 700,
      openFilesMax: 4,
    });
  }

  async #settle<Result>(promise: Promise<Result> | Result): Promise<Result> {
    const disk = this.#platform.fileSystem.disk;
    let isDone = false;
    const watched = Promise.resolve(promise).finally(() => {
      isDone = true;
    });
    watched.catch(() => {});
    await this.#platform.clock.runUntil(() => isDone || disk.hasCrashed(), 60_000);
    if (disk.hasCrashed()) throw new SimCrash();
    return watched;
  }
}
