/**
 * Apache Kafka's own classes write the golden bytes of every message in every version, and read
 * what we write. Needs Java and Kafka's jars (KAFKA_JARS, or Maven fetches them).
 *
 * UPDATE_GOLDEN=1 writes packages/protocol/test/golden anew from what Kafka wrote.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import type { GoldenRow, SampleMessage, Shape } from "@millrace/protocol/samples";
import {
  goldenFile,
  kafkaJson,
  readGolden,
  sampleMessages,
  sampleValue,
  writeGolden,
} from "@millrace/protocol/samples";
import type { KafkaJars } from "@millrace/spec-check";
import { isClean, kafkaJars, report, specCheck } from "@millrace/spec-check";

const goldenFolder = join(import.meta.dirname, "../../../packages/protocol/test/golden/messages");
const peer = join(import.meta.dirname, "GoldenBytes.java");
const shapes: readonly Shape[] = ["full", "sparse"];
const outputSizeBytesMax = 256 * 1024 * 1024;

const jars = jarsOrReason();
const skip = "missing" in jars ? jars.missing : false;
const folder = "folder" in jars ? jars.folder : "";

function jarsOrReason(): KafkaJars {
  const java = spawnSync("java", ["-version"], { stdio: "ignore" });
  return java.error === undefined ? kafkaJars() : { missing: "java cannot be run" };
}

interface Case {
  readonly message: SampleMessage;
  readonly version: number;
  readonly shape: Shape;
  readonly ours: string;
}

function caseOf(message: SampleMessage, version: number, shape: Shape): Case {
  const bytes = Buffer.concat(
    message.codec(version).encode(sampleValue(message, version, shape)),
  );
  return { message, version, shape, ours: bytes.toString("hex") };
}

function allCases(): readonly Case[] {
  return sampleMessages.flatMap((message) => {
    const count = message.lastVersion - message.firstVersion + 1;
    const versions = Array.from({ length: count }, (_, index) => message.firstVersion + index);
    return versions.flatMap((version) => shapes.map((shape) => caseOf(message, version, shape)));
  });
}

/** Gives what Kafka says to each case: its bytes, and how it reads ours. */
function askKafka(cases: readonly Case[]): readonly (readonly [string, string])[] {
  const lines = cases.map(({ message, version, shape, ours }) => {
    const json = kafkaJson(message.fields, version, sampleValue(message, version, shape));
    return `${message.name}\t${version}\t${json}\t${ours}\n`;
  });
  const options = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const { status, stdout, stderr } = spawnSync("java", [...options, "-cp", `${folder}/*`, peer], {
    input: lines.join(""),
    encoding: "utf8",
    maxBuffer: outputSizeBytesMax,
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t") as [string, string]);
}

function isGolden({ message, version }: Case): boolean {
  return version === message.firstVersion || version === message.lastVersion;
}

function writeFiles(rows: ReadonlyMap<string, readonly GoldenRow[]>): void {
  rmSync(goldenFolder, { recursive: true, force: true });
  mkdirSync(goldenFolder, { recursive: true });
  for (const [name, ofMessage] of rows) {
    writeFileSync(join(goldenFolder, goldenFile(name)), writeGolden(ofMessage));
  }
}

test("Kafka's classes write and read the same bytes, every message and version", { skip }, () => {
  const cases = allCases();
  const answers = askKafka(cases);
  assert.equal(answers.length, cases.length);
  const rows = new Map<string, GoldenRow[]>();
  const wrong: string[] = [];
  for (const [index, one] of cases.entries()) {
    const { message, version, shape, ours } = one;
    const [hex, readBack] = answers[index] ?? ["", ""];
    if (hex !== ours || readBack !== "same") {
      wrong.push(`${message.name} v${version} ${shape}\n  ours  ${ours}\n  Kafka ${hex}\n  ${readBack}`);
    }
    if (!isGolden(one)) continue;
    const ofMessage = rows.get(message.name) ?? [];
    ofMessage.push({ version, shape, hex });
    rows.set(message.name, ofMessage);
  }
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${cases.length} differ`);
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFiles(rows);
  assert.deepEqual(readdirSync(goldenFolder).sort(), [...rows.keys()].map(goldenFile).sort());
  for (const [name, ofMessage] of rows) {
    const committed = readGolden(readFileSync(join(goldenFolder, goldenFile(name)), "utf8"));
    assert.deepEqual(committed, ofMessage, name);
  }
});

test("our schemas are what Kafka's jars define", { skip }, () => {
  const comparison = specCheck(folder);
  assert.ok(isClean(comparison), report(comparison).join("\n"));
});
