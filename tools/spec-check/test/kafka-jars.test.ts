import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, test } from "node:test";
import { kafkaJars, ownJars } from "../src/kafka-jars.ts";

let folder = "";
const given = process.env["KAFKA_JARS"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kafka-jars-"));
  process.env["KAFKA_JARS"] = folder;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  if (given === undefined) delete process.env["KAFKA_JARS"];
  else process.env["KAFKA_JARS"] = given;
});

test("KAFKA_JARS names the folder", () => {
  writeFileSync(join(folder, "kafka-clients-4.3.1.jar"), "");
  writeFileSync(join(folder, "kafka-raft-4.3.1.jar"), "");
  writeFileSync(join(folder, "slf4j-simple-1.7.36.jar"), "");
  assert.deepEqual(kafkaJars(), { folder });
  assert.deepEqual(ownJars(folder), [
    join(folder, "kafka-clients-4.3.1.jar"),
    join(folder, "kafka-raft-4.3.1.jar"),
  ]);
});

test("a folder without Kafka's jars is named as missing", () => {
  const jars = kafkaJars();
  assert.ok("missing" in jars);
  assert.match(jars.missing, /has no kafka-clients/);
});
