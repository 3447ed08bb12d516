/**
 * Our cleaner and Apache Kafka's own compact the same logs: what is left is the same, batch by
 * batch. Needs Java and Kafka's jars (KAFKA_JARS, or Maven fetches them).
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type SimPlatform, SimRandom, simPlatform } from "@millrace/platform/sim";
import {
  BatchCursor,
  batchHeader,
  buildEndTransactionBatch,
  buildRecordBatch,
  type CompressionName,
  isBatchCrcValid,
  readRecords,
} from "@millrace/protocol";
import { kafkaJars } from "@millrace/spec-check";
import {
  createLogEnvironment,
  defaultLogConfig,
  LogCleaner,
  LogDirectories,
  type PartitionLog,
} from "@millrace/storage";

const peer = join(import.meta.dirname, "CleanerPeer.java");
const hasJava = spawnSync("java", ["-version"], { stdio: "ignore" }).error === undefined;
const jars = hasJava ? kafkaJars() : { missing: "java cannot be run" };
const skip = "missing" in jars ? jars.missing : false;

const seeds = 12;
const roundsOfSeed = 5;
const topicId = "AAAAAAAAAAAAAAAAAAAAAQ";
const codecs: readonly CompressionName[] = ["none", "none", "gzip", "snappy", "lz4", "zstd"];

/** What CleanerPeer is told, and what our cleaner made of the same files. */
interface Round {
  readonly name: string;
  readonly firstDirtyOffset: number;
  readonly firstUncleanableOffset: number;
  readonly nowMs: number;
  readonly before: ReadonlyMap<string, Buffer>;
  readonly after: ReadonlyMap<string, Buffer>;
  readonly cleanedTo: number;
}

/** A simulated node with one compacted log, written at random. */
class Writer {
  readonly #platform: SimPlatform;
  readonly #random: SimRandom;
  readonly #log: PartitionLog;
  readonly #cleaner: LogCleaner;
  readonly #name: string;
  readonly #sequences = [0, 0, 0];
  readonly #open = new Set<number>();

  constructor(seed: number) {
    this.#name = `seed-${seed}`;
    this.#platform = simPlatform({ seed, logLevel: "error" });
    this.#random = new SimRandom(seed);
    const environment = createLogEnvironment(this.#platform);
    const logs = LogDirectories.open(environment, { paths: ["/data"] });
    this.#log = logs.create({
      topic: "orders",
      partition: 0,
      topicId,
      config: {
        ...defaultLogConfig,
        segmentBytes: 1500,
        segmentIndexBytes: 800,
        indexIntervalBytes: 150,
        cleanupPolicy: ["compact"],
        minCleanableDirtyRatio: 0,
        deleteRetentionMs: 10_000,
        fileDeleteDelayMs: 0,
      },
    });
    const { metrics, offload } = this.#platform;
    const { directories } = logs;
    this.#cleaner = new LogCleaner({ environment, directories, offload, metrics });
  }

  async round(number: number): Promise<Round> {
    for (let count = 0; count < 60; count += 1) {
      if (this.#random.nextInt(5) === 0) this.#endTransaction();
      else this.#append();
    }
    await this.#platform.clock.advance(this.#random.nextInt(15_000));
    // Whatever waits in memory is in the files when the log is rolled.
    this.#log.roll();
    const nowMs = this.#platform.clock.nowMs();
    const before = this.#files();
    const checkpoint = before.get("cleaner-offset-checkpoint")?.toString() ?? "";
    const firstDirtyOffset = Number(/orders 0 (\d+)/u.exec(checkpoint)?.[1] ?? 0);
    const { active, closed } = this.#log.segments;
    const stable = this.#log.lastStableOffset;
    const isAllStable = stable >= active.baseOffset;
    const firstUncleanableOffset = isAllStable
      ? active.baseOffset
      : closed.baseOffset(closed.find(stable));
    const report = await this.#settle(this.#cleaner.cleanFilthiest());
    return {
      name: `${this.#name}-${number}`,
      firstDirtyOffset,
      firstUncleanableOffset,
      nowMs,
      before,
      after: this.#files(),
      cleanedTo: report?.endOffset ?? firstDirtyOffset,
    };
  }

  #append(): void {
    const producer = this.#random.nextInt(4);
    const sequence = this.#sequences[producer];
    const isTransactional = producer === 1 || producer === 2;
    const count = 1 + this.#random.nextInt(5);
    if (sequence !== undefined) this.#sequences[producer] = sequence + count;
    if (isTransactional) this.#open.add(producer);
    const records = Array.from({ length: count }, () => ({
      timestamp: this.#platform.clock.nowMs() - this.#random.nextInt(1000),
      key: Buffer.from(`key-${this.#random.nextInt(9)}`),
      value: this.#random.nextInt(5) === 0 ? null : Buffer.alloc(this.#random.nextInt(60), "value"),
      headers: [{ key: "h", value: Buffer.from("x") }],
    }));
    const batch = buildRecordBatch(records, {
      compression: codecs[this.#random.nextInt(codecs.length)] ?? "none",
      ...(sequence === undefined
        ? {}
        : {
            producerId: BigInt(producer + 10),
            producerEpoch: 0,
            baseSequence: sequence,
            isTransactional,
          }),
    });
    this.#write(batch, "client");
  }

  #endTransaction(): void {
    const [producer] = this.#open;
    if (producer === undefined) return;
    this.#open.delete(producer);
    const type = this.#random.nextInt(2) === 0 ? "ABORT" : "COMMIT";
    const timestamp = this.#platform.clock.nowMs();
    const options = { timestamp, producerId: BigInt(producer + 10), producerEpoch: 0 };
    this.#write(buildEndTransactionBatch({ type, coordinatorEpoch: 0 }, options), "coordinator");
  }

  #write(batch: Buffer, origin: "client" | "coordinator"): void {
    const outcome = this.#log.append(batch, { origin, leaderEpoch: 1 });
    assert.equal(outcome.kind, "appended");
    this.#log.advanceHighWatermark(this.#log.logEndOffset);
  }

  #files(): Map<string, Buffer> {
    const { fileSystem } = this.#platform;
    const files = new Map<string, Buffer>();
    for (const folder of ["/data", "/data/orders-0"]) {
      for (const { kind, name } of fileSystem.readDirectory(folder)) {
        if (kind === "file") files.set(name, Buffer.from(fileSystem.readFile(`${folder}/${name}`)));
      }
    }
    return files;
  }

  async #settle<Result>(promise: Promise<Result>): Promise<Result> {
    let isDone = false;
    const watched = promise.finally(() => {
      isDone = true;
    });
    await this.#platform.clock.runUntil(() => isDone, 600_000);
    return watched;
  }
}

/** Everything that a log's files say, segment by segment. */
function describe(files: ReadonlyMap<string, Buffer>): string[] {
  const lines: string[] = [];
  for (const name of [...files.keys()].sort()) {
    const bytes = files.get(name) ?? Buffer.alloc(0);
    if (name.endsWith(".log")) lines.push(`${name} of ${bytes.length > 0}`, ...batchLines(bytes));
    else if (name.endsWith(".txnindex") && bytes.length > 0) {
      // The last stable offset of an entry is of use only while the log is written.
      lines.push(`${name} ${bytes.toString("hex")}`);
    }
  }
  return lines;
}

function batchLines(bytes: Buffer): string[] {
  const h = batchHeader;
  const lines: string[] = [];
  const cursor = new BatchCursor(bytes);
  while (cursor.next()) {
    const at = cursor.position;
    assert.ok(isBatchCrcValid(bytes, at));
    const numbers = [
      h.baseOffset(bytes, at),
      h.lastOffset(bytes, at),
      h.partitionLeaderEpoch(bytes, at),
      h.attributes(bytes, at),
      h.baseTimestamp(bytes, at),
      h.maxTimestamp(bytes, at),
      h.producerIdNumber(bytes, at),
      h.producerEpoch(bytes, at),
      h.baseSequence(bytes, at),
      h.recordsCount(bytes, at),
    ];
    lines.push(`batch ${numbers.join(" ")}`);
    for (const { offset, timestamp, key, value, headers } of readRecords(bytes, at)) {
      lines.push(`${offset} ${timestamp} ${String(key)} ${String(value)} ${headers.length}`);
    }
  }
  assert.equal(cursor.stop, "end");
  return lines;
}

test("what our cleaner leaves of a log is what Kafka's leaves", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-compaction-"));
  try {
    const rounds: Round[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const writer = new Writer(seed);
      for (let number = 1; number <= roundsOfSeed; number += 1) {
        rounds.push(await writer.round(number));
      }
    }
    const theirs = cleanWithKafka(folder, rounds);
    let removed = 0;
    for (const [index, round] of rounds.entries()) {
      const log = join(folder, round.name, "orders-0");
      const files = readdirSync(log).filter((name) => !name.endsWith(".deleted"));
      const found = new Map(files.map((name) => [name, readFileSync(join(log, name))]));
      assert.deepEqual(describe(round.after), describe(found), round.name);
      assert.ok(Number(theirs[index]) <= round.cleanedTo, `${round.name}: ${theirs[index]}`);
      removed += describe(round.before).length - describe(round.after).length;
    }
    assert.ok(removed > 100 * seeds, `${removed} lines were removed`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Writes the files as they were before, and gives the end of each of Kafka's cleanings. */
function cleanWithKafka(folder: string, rounds: readonly Round[]): readonly string[] {
  const lines = rounds.map((round) => {
    const log = join(folder, round.name, "orders-0");
    mkdirSync(log, { recursive: true });
    for (const [name, bytes] of round.before) writeFileSync(join(log, name), bytes);
    const { firstDirtyOffset, firstUncleanableOffset, nowMs } = round;
    return `${log} ${firstDirtyOffset} ${firstUncleanableOffset} ${nowMs}`;
  });
  const list = join(folder, "rounds.txt");
  writeFileSync(list, `${lines.join("\n")}\n`);
  const classPath = `${"folder" in jars ? jars.folder : ""}/*`;
  const args = ["-cp", classPath, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", peer, list];
  return execFileSync("java", args, { encoding: "utf8" }).trimEnd().split("\n");
}
