import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";

import { defaultBootstrapRecords } from "../../src/controller/activation.ts";
import { readBootstrapRecords, writeBootstrapFile } from "../../src/directory/bootstrap-file.ts";

// bootstrap.checkpoint as `kafka-storage format` of Apache Kafka 4.3.1 wrote it.
const kafkaFile =
  "AAAAAAAAAAAAAABHAAAAAAJNQF26ACAAAAAAAAABogeBmIIAAAGiB4GYgv//////////////////AAAAASoAAAAIAAAAAxYAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAPEAAAAAApBW/FAAAAAAAAUAAAGiB4GYxgAAAaIHgZjG//////////////////8AAAAGOgAAAAEuAQwAEW1ldGFkYXRhLnZlcnNpb24AHgAAWgAAAgFOAQwAIWVsaWdpYmxlLmxlYWRlci5yZXBsaWNhcy52ZXJzaW9uAAEAADQAAAQBKAEMAA5ncm91cC52ZXJzaW9uAAEAADQAAAYBKAEMAA5zaGFyZS52ZXJzaW9uAAEAADgAAAgBLAEMABBzdHJlYW1zLnZlcnNpb24AAQAAQAAACgE0AQwAFHRyYW5zYWN0aW9uLnZlcnNpb24AAgAAAAAAAAAAAAcAAAA/AAAAAAL57HL2ACAAAAAAAAABogeBmMcAAAGiB4GYx///////////////////AAAAARoAAAAIAAAABAYAAAAA";

test("the bootstrap records of a folder that Kafka formatted are this version's defaults", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  const file = fileSystem.open("/bootstrap.checkpoint", "createNew");
  file.writeSync([Buffer.from(kafkaFile, "base64")], 0);
  assert.deepEqual(readBootstrapRecords(fileSystem, ""), defaultBootstrapRecords());
});

test("our file differs from Kafka's in times and checksums only", () => {
  const { fileSystem, clock } = simPlatform({ seed: 1 });
  writeBootstrapFile({ fileSystem, clock, logDirectory: "" }, defaultBootstrapRecords());
  const ours = fileSystem.readFile("/bootstrap.checkpoint");
  const kafkas = Buffer.from(kafkaFile, "base64");
  assert.equal(ours.length, kafkas.length);
  for (const batchStart of [0, 83, 336]) {
    for (const bytes of [ours, kafkas]) {
      bytes.fill(0, batchStart + 17, batchStart + 21);
      bytes.fill(0, batchStart + 27, batchStart + 43);
    }
  }
  assert.deepEqual(ours, kafkas);
});

test("without the file a folder begins with the defaults", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  assert.deepEqual(readBootstrapRecords(fileSystem, ""), defaultBootstrapRecords());
});
