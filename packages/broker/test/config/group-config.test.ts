import assert from "node:assert/strict";
import { test } from "node:test";
import { findBrokerKey } from "../../src/config/broker-keys.ts";
import {
  brokerSynonymOfGroupKey,
  effectiveGroupValue,
  findGroupKey,
  groupKeyNames,
  resolveGroupConfig,
} from "../../src/config/group-config.ts";
import { brokerConfigOf, mapOf } from "./given.ts";

test("a group takes what it has not itself from the broker", () => {
  const broker = brokerConfigOf({ "group.consumer.session.timeout.ms": "50000" });
  const config = resolveGroupConfig(mapOf({ "consumer.heartbeat.interval.ms": "6000" }), broker);
  assert.equal(config.consumerSessionTimeoutMs, 50_000);
  assert.equal(config.consumerHeartbeatIntervalMs, 6000);
  assert.equal(config.shareAutoOffsetReset, "latest");
});

test("what cannot be read does not count", () => {
  const own = mapOf({ "share.delivery.count.limit": "many" });
  assert.equal(effectiveGroupValue("share.delivery.count.limit", own, brokerConfigOf({})), 5);
  assert.equal(effectiveGroupValue("no.such.key", own, brokerConfigOf({})), null);
  assert.equal(findGroupKey("no.such.key"), undefined);
});

test("some group configurations have no default in a broker's", () => {
  const own = [...groupKeyNames()].filter((name) => {
    return findBrokerKey(brokerSynonymOfGroupKey(name)) === undefined;
  });
  const share = [
    "errors.deadletterqueue.copy.record.enable",
    "errors.deadletterqueue.topic.name",
    "share.auto.offset.reset",
    "share.isolation.level",
    "share.renew.acknowledge.enable",
  ];
  assert.deepEqual(own.sort(), share);
});
