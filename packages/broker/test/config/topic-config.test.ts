import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLogConfig, type LogConfig } from "@millrace/storage";
import {
  effectiveTopicValue,
  findTopicKey,
  resolveTopicConfig,
} from "../../src/config/topic-config.ts";
import { brokerConfigOf, mapOf } from "./given.ts";

test("a topic without configurations runs with storage's defaults", () => {
  const config: LogConfig = resolveTopicConfig(new Map(), brokerConfigOf({}));
  for (const [name, value] of Object.entries(defaultLogConfig)) {
    const [, actual] = Object.entries(config).find(([each]) => each === name) ?? [];
    assert.deepEqual(actual, value, name);
  }
});

test("the broker's configurations are a topic's defaults, under other names and units", () => {
  const broker = brokerConfigOf({
    "log.retention.minutes": "3",
    "log.roll.hours": "2",
    "log.segment.bytes": "2000000",
    "message.max.bytes": "5000",
    "log.cleanup.policy": "compact",
    "log.message.timestamp.type": "LogAppendTime",
    "log.flush.scheduler.interval.ms": "700",
    "producer.id.expiration.ms": "9",
  });
  const config = resolveTopicConfig(new Map(), broker);
  assert.equal(config.retentionMs, 180_000);
  assert.equal(config.segmentMs, 7_200_000);
  assert.equal(config.segmentBytes, 2_000_000);
  assert.equal(config.maxMessageBytes, 5000);
  assert.deepEqual(config.cleanupPolicy, ["compact"]);
  assert.equal(config.messageTimestampType, "LogAppendTime");
  assert.equal(config.flushMs, 700);
  assert.equal(config.producerIdExpirationMs, 9);
});

test("a topic's own configurations are stronger", () => {
  const broker = brokerConfigOf({ "log.retention.ms": "5" });
  const own = mapOf({ "retention.ms": "7", "cleanup.policy": "compact, delete" });
  const config = resolveTopicConfig(own, broker);
  assert.equal(config.retentionMs, 7);
  assert.deepEqual(config.cleanupPolicy, ["compact", "delete"]);
  assert.deepEqual(resolveTopicConfig(mapOf({ "cleanup.policy": "" }), broker).cleanupPolicy, []);
});

test("the internal segment size has no smallest value and is stronger", () => {
  const own = mapOf({ "segment.bytes": "2000000", "internal.segment.bytes": "100" });
  assert.equal(resolveTopicConfig(own, brokerConfigOf({})).segmentBytes, 100);
});

test("what another version left and nobody can read does not count", () => {
  const own = mapOf({ "retention.ms": "soon", "no.such.key": "1" });
  assert.equal(resolveTopicConfig(own, brokerConfigOf({})).retentionMs, 604_800_000);
});

test("values are exact, and negative retention of the broker is for ever", () => {
  const broker = brokerConfigOf({ "log.retention.hours": "-1" });
  assert.equal(effectiveTopicValue("retention.ms", new Map(), broker), -1n);
  assert.equal(effectiveTopicValue("flush.messages", new Map(), broker), 2n ** 63n - 1n);
  assert.equal(effectiveTopicValue("internal.segment.bytes", new Map(), broker), null);
  assert.equal(effectiveTopicValue("no.such.key", new Map(), broker), null);
  assert.equal(findTopicKey("no.such.key"), undefined);
});
