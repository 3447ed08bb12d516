import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveBrokerConfig } from "../../src/config/resolve-broker-config.ts";
import { brokerConfigOf, type Settings } from "./given.ts";

const hourMs = 3_600_000;

test("of several units the finest that is given counts", () => {
  const retentionOf = (settings: Settings): number => brokerConfigOf(settings).logRetentionMs;
  assert.equal(retentionOf({}), 168 * hourMs);
  assert.equal(retentionOf({ "log.retention.hours": "2" }), 2 * hourMs);
  assert.equal(retentionOf({ "log.retention.hours": "2", "log.retention.minutes": "3" }), 180_000);
  assert.equal(retentionOf({ "log.retention.minutes": "3", "log.retention.ms": "4" }), 4);
  assert.equal(retentionOf({ "log.retention.hours": "-1" }), -1);
});

test("roll and flush times have their weaker names as defaults", () => {
  const config = brokerConfigOf({
    "log.roll.hours": "2",
    "log.roll.jitter.hours": "1",
    "log.flush.scheduler.interval.ms": "500",
  });
  assert.equal(config.logRollMs, 2 * hourMs);
  assert.equal(config.logRollJitterMs, hourMs);
  assert.equal(config.logFlushIntervalMs, 500);
  assert.equal(brokerConfigOf({ "log.roll.ms": "7", "log.roll.hours": "2" }).logRollMs, 7);
});

test("what has no limit is the largest safe integer", () => {
  const config = brokerConfigOf({});
  assert.equal(config.logFlushIntervalMessages, Number.MAX_SAFE_INTEGER);
  assert.equal(config.exactValues.get("log.flush.interval.messages"), 2n ** 63n - 1n);
});

test("log.dirs is stronger than log.dir, and the metadata log has a directory of its own if told", () => {
  const config = brokerConfigOf({ "log.dirs": "/a, /b", "log.dir": "/c" });
  assert.deepEqual(config.logDirs, ["/a", "/b"]);
  assert.equal(config.metadataLogDir, "/a");
  assert.deepEqual(brokerConfigOf({ "log.dir": "/c" }).logDirs, ["/c"]);
  const second = { "log.dirs": "/a,/b", "metadata.log.dir": "/b" };
  assert.equal(brokerConfigOf(second).metadataLogDir, "/b");
});

test("the older name of node.id counts when it stands alone", () => {
  const given = new Map([["broker.id", { value: "5", origin: undefined }]]);
  const { config, problems } = resolveBrokerConfig(given, undefined);
  assert.deepEqual([config.nodeId, problems], [5, []]);
});

test("hosts have connection limits of their own", () => {
  const config = brokerConfigOf({
    "max.connections.per.ip.overrides": "10.0.0.7:5, [::1]:6,fe80::2:7",
  });
  const limits = [["10.0.0.7", 5] as const, ["::1", 6] as const, ["fe80::2", 7] as const];
  assert.deepEqual([...config.maxConnectionsPerIpOverrides], limits);
  assert.throws(
    () => brokerConfigOf({ "max.connections.per.ip.overrides": "10.0.0.7" }),
    /max\.connections\.per\.ip\.overrides has 10\.0\.0\.7; expected host:count/,
  );
});
