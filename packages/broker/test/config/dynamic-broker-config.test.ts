import assert from "node:assert/strict";
import { test } from "node:test";
import { dynamicConfigOf, mapOf } from "./given.ts";

const none = mapOf({});

test("this broker's metadata is stronger than all brokers', and that than the file", () => {
  const dynamic = dynamicConfigOf({ "log.retention.ms": "1", "log.roll.ms": "1" });
  dynamic.update({
    everyBroker: mapOf({ "log.retention.ms": "2", "log.segment.bytes": "2000000" }),
    broker: mapOf({ "log.retention.ms": "3" }),
  });
  assert.equal(dynamic.current.logRetentionMs, 3);
  assert.equal(dynamic.current.logSegmentBytes, 2_000_000);
  assert.equal(dynamic.current.logRollMs, 1);
});

test("what is removed from the metadata goes back to the file's", () => {
  const dynamic = dynamicConfigOf({ "log.retention.ms": "1" });
  dynamic.update({ everyBroker: none, broker: mapOf({ "log.retention.ms": "3" }) });
  dynamic.update({ everyBroker: none, broker: none });
  assert.equal(dynamic.current.logRetentionMs, 1);
});

test("a listener hears of each change with both snapshots until it is taken off", () => {
  const dynamic = dynamicConfigOf({});
  const heard: string[] = [];
  const stop = dynamic.onChange((current, previous) => {
    heard.push(`${previous.maxConnections} → ${current.maxConnections}`);
  });
  dynamic.update({ everyBroker: mapOf({ "max.connections": "5" }), broker: none });
  stop();
  dynamic.update({ everyBroker: mapOf({ "max.connections": "6" }), broker: none });
  assert.deepEqual(heard, ["2147483647 → 5"]);
  assert.equal(dynamic.current.maxConnections, 6);
});

test("what cannot be used does not count and is named, and the rest counts", () => {
  const dynamic = dynamicConfigOf({});
  const broker = mapOf({
    "log.retention.ms": "soon",
    "num.partitions": "7",
    listeners: "PLAINTEXT://:1",
    "max.connections": "5",
  });
  const ignored = dynamic.update({ everyBroker: none, broker });
  assert.deepEqual([...ignored.keys()].sort(), ["listeners", "log.retention.ms", "num.partitions"]);
  assert.equal(dynamic.current.maxConnections, 5);
  assert.equal(dynamic.current.numPartitions, 1);
  assert.equal(dynamic.layers.broker, broker);
});

test("a combination that cannot be leaves the old snapshot in force", () => {
  const dynamic = dynamicConfigOf({});
  const before = dynamic.current;
  const lags = {
    "log.cleaner.min.compaction.lag.ms": "9",
    "log.cleaner.max.compaction.lag.ms": "8",
  };
  const ignored = dynamic.update({ everyBroker: mapOf(lags), broker: none });
  assert.deepEqual([...ignored.keys()], ["log.cleaner.min.compaction.lag.ms"]);
  assert.equal(dynamic.current, before);
});

test("a change is judged by its outcome without being made", () => {
  const dynamic = dynamicConfigOf({ "log.cleaner.max.compaction.lag.ms": "8" });
  const lag = mapOf({ "log.cleaner.min.compaction.lag.ms": "9" });
  assert.match(dynamic.problemWith({ broker: lag }) ?? "", /larger than log\.cleaner\.max/);
  assert.equal(dynamic.problemWith({ broker: none }), undefined);
  assert.equal(dynamic.current.logCleanerMinCompactionLagMs, 0);
});
