import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import {
  readCleanShutdown,
  removeCleanShutdown,
  unknownBrokerEpoch,
  writeCleanShutdown,
} from "../src/clean-shutdown.ts";
import { replaceFile } from "../src/small-file.ts";

test("the file is Kafka's JSON and goes durably when the directory is in use", () => {
  const platform = simPlatform({ seed: 3 });
  const { fileSystem } = platform;
  assert.equal(readCleanShutdown(fileSystem, "/"), undefined);
  writeCleanShutdown(fileSystem, "/", 232);
  const text = fileSystem.readFile("/.kafka_cleanshutdown").toString();
  assert.equal(text, '{"version":0,"brokerEpoch":232}');
  assert.equal(readCleanShutdown(fileSystem, "/"), 232);
  removeCleanShutdown(fileSystem, "/");
  platform.restart("powerLoss");
  assert.equal(readCleanShutdown(fileSystem, "/"), undefined);
});

test("a file whose removal was not synced does not come back after the next start", () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const platform = simPlatform({ seed });
    const { fileSystem } = platform;
    writeCleanShutdown(fileSystem, "/", 232);
    // As a start leaves it that is killed between removal and sync.
    fileSystem.removeFile("/.kafka_cleanshutdown");
    platform.restart("kill");
    removeCleanShutdown(fileSystem, "/");
    platform.restart("powerLoss");
    assert.equal(readCleanShutdown(fileSystem, "/"), undefined, `seed ${seed}`);
  }
});

test("an empty file, as older brokers leave it, is a clean stop of an unknown epoch", () => {
  const { fileSystem } = simPlatform({ seed: 3 });
  for (const content of ["", "{", '{"version":0}']) {
    replaceFile(fileSystem, "/.kafka_cleanshutdown", { content, durability: "cached" });
    assert.equal(readCleanShutdown(fileSystem, "/"), unknownBrokerEpoch);
  }
});
