import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLogCleanerConfig } from "@millrace/storage";
import { loadBrokerConfig } from "../../src/config/index.ts";
import { cleanerConfigOf } from "../../src/lifecycle/log-cleaner.ts";

test("a broker without configurations compacts as storage does by itself, but for the limit", () => {
  const { ioBytesPerSecond, ...config } = cleanerConfigOf(loadBrokerConfig({}).config);
  assert.equal(ioBytesPerSecond, Number.MAX_VALUE);
  const { isEnabled, backoffMs, offsetMapBytesMax, offsetMapLoadFactor } = defaultLogCleanerConfig;
  assert.deepEqual(config, { isEnabled, backoffMs, offsetMapBytesMax, offsetMapLoadFactor });
});

test("log.cleaner.* reach the cleaner", () => {
  const { config } = loadBrokerConfig({
    overrides: {
      "log.cleaner.enable": "false",
      "log.cleaner.backoff.ms": "7",
      "log.cleaner.dedupe.buffer.size": "2000000",
      "log.cleaner.io.buffer.load.factor": "0.5",
      "log.cleaner.io.max.bytes.per.second": "1000.5",
    },
  });
  assert.deepEqual(cleanerConfigOf(config), {
    isEnabled: false,
    backoffMs: 7,
    offsetMapBytesMax: 2_000_000,
    offsetMapLoadFactor: 0.5,
    ioBytesPerSecond: 1000.5,
  });
});
