import assert from "node:assert/strict";
import { test } from "node:test";
import { type BrokerConfig, camelCase } from "../../src/config/broker-config.ts";
import { brokerKeys } from "../../src/config/broker-keys.ts";
import { brokerConfigOf } from "./given.ts";

test("a configuration's field is its name in camel case", () => {
  assert.equal(camelCase("num.partitions"), "numPartitions");
  assert.equal(camelCase("listeners"), "listeners");
  assert.equal(camelCase("log.cleaner.io.max.bytes.per.second"), "logCleanerIoMaxBytesPerSecond");
});

test("a snapshot has a field for each configuration", () => {
  const config: BrokerConfig = brokerConfigOf({});
  const fields = new Set(Object.keys(config));
  for (const name of Object.keys(brokerKeys)) assert.ok(fields.has(camelCase(name)), name);
});
