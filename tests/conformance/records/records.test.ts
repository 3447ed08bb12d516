/**
 * Apache Kafka's own classes read our batches, and we read theirs: every codec, small and large.
 * Needs Java and Kafka's jars (KAFKA_JARS, or Maven fetches them).
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  BatchCursor,
  batchHeader,
  buildEndTransactionBatch,
  type CompressionName,
  codecOfId,
  isBatchCrcValid,
  type KafkaRecord,
  RecordBatchBuilder,
  readRecords,
} from "@millrace/protocol";
import { kafkaJars } from "@millrace/spec-check";

const hasJava = spawnSync("java", ["-version"], { stdio: "ignore" }).error === undefined;
const jars = hasJava ? kafkaJars() : { missing: "java cannot be run" };
const skip = "missing" in jars ? jars.missing : false;
const peer = join(import.meta.dirname, "RecordsPeer.java");
const codecs: readonly CompressionName[] = ["none", "gzip", "snappy", "lz4", "zstd"];

let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-records-"));
  if (skip === false) runPeer("write", join(folder, "theirs"));
});

after(() => rmSync(folder, { recursive: true, force: true }));

function runPeer(...args: string[]): string {
  const command = ["-cp", `${"folder" in jars ? jars.folder : ""}/*`, peer, ...args];
  return execFileSync("java", command, { encoding: "utf8", maxBuffer: 1 << 28 });
}

function hex(bytes: Buffer | null): string {
  return bytes === null ? "null" : `'${bytes.toString("hex")}'`;
}

function recordLine(record: KafkaRecord): string {
  const headers = record.headers.map(
    ({ key, value }) => ` ${key}=${value === null ? "null" : value.toString("hex")}`,
  );
  const { offset, timestamp, key, value } = record;
  return `record ${offset} ${timestamp} ${hex(key)} ${hex(value)}${headers.join("")}`;
}

/** The lines that RecordsPeer prints for a batch of format 2. */
function batchLines(bytes: Buffer): string[] {
  const h = batchHeader;
  const producer = `${h.producerId(bytes, 0)}/${h.producerEpoch(bytes, 0)}`;
  const header = [
    `batch magic=2 base=${h.baseOffset(bytes, 0)} last=${h.lastOffset(bytes, 0)}`,
    `epoch=${h.partitionLeaderEpoch(bytes, 0)}`,
    `type=${h.isLogAppendTime(bytes, 0) ? "LogAppendTime" : "CreateTime"}`,
    `max=${h.maxTimestamp(bytes, 0)}`,
    `producer=${producer}/${h.baseSequence(bytes, 0)}-${h.lastSequence(bytes, 0)}`,
    `codec=${codecOfId(h.compressionId(bytes, 0))?.name}`,
    `txn=${h.isTransactional(bytes, 0)} control=${h.isControl(bytes, 0)}`,
    `horizon=${h.deleteHorizonMs(bytes, 0) ?? -1}`,
  ];
  return [header.join(" "), ...[...readRecords(bytes, 0)].map(recordLine)];
}

test("we read every file that Kafka's classes wrote as they do", { skip }, () => {
  const names = readdirSync(join(folder, "theirs")).filter((name) => name.includes("v2"));
  assert.ok(names.length >= 14);
  const theirs = runPeer("read", ...names.map((name) => join(folder, "theirs", name)));
  const ours = names.flatMap((name) => {
    const bytes = readFileSync(join(folder, "theirs", name));
    assert.ok(isBatchCrcValid(bytes, 0), name);
    return [`file ${name}`, ...batchLines(bytes)];
  });
  assert.deepEqual(ours, theirs.trimEnd().split("\n"));
});

test("Kafka's classes read what we write with every codec", { skip }, () => {
  const files: string[] = [];
  const ours: string[] = [];
  const save = (name: string, batch: Buffer): void => {
    const path = join(folder, name);
    writeFileSync(path, batch);
    files.push(path);
    ours.push(`file ${name}`, ...batchLines(batch));
  };
  for (const source of ["v2-none.bin", "large-v2-none.bin"]) {
    const records = [...readRecords(readFileSync(join(folder, "theirs", source)), 0)];
    for (const compression of codecs) {
      const builder = new RecordBatchBuilder({ compression });
      for (const record of records) builder.append(record);
      save(`${compression}-${source}`, builder.build());
    }
  }
  const horizon = new RecordBatchBuilder({ deleteHorizonMs: 1_900_000_000_000, lastOffset: 40 });
  horizon.append({ offset: 3, timestamp: 1_700_000_000_000, key: Buffer.from("k"), value: null });
  save("horizon.bin", horizon.build());
  save("empty.bin", new RecordBatchBuilder({ lastOffset: 9, producerId: 5n }).build());
  const marker = { type: "ABORT", coordinatorEpoch: 4 } as const;
  save("marker.bin", buildEndTransactionBatch(marker, { timestamp: 5, producerId: 9n }));
  assert.deepEqual(
    runPeer("read", ...files)
      .trimEnd()
      .split("\n"),
    ours,
  );
});

test("the golden batches of the unit tests are what Kafka's classes write", { skip }, () => {
  const golden = join(import.meta.dirname, "../../../packages/protocol/test/golden/records");
  for (const name of readdirSync(golden)) {
    const expected = Buffer.from(
      readFileSync(join(golden, name), "ascii").replaceAll("\n", ""),
      "hex",
    );
    const bytes = readFileSync(join(folder, "theirs", name.replace(".hex", ".bin")));
    // The time in a gzip header is 0 in both, so that all bytes are the same.
    assert.deepEqual(bytes, expected, name);
    assert.ok(new BatchCursor(bytes).next());
  }
});
