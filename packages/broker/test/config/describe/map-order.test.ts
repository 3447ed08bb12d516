import assert from "node:assert/strict";
import { test } from "node:test";
import type { DescribedConfig } from "../../../src/config/describe/described-config.ts";
import { describeGroupConfigs } from "../../../src/config/describe/group.ts";
import { inMapOrder } from "../../../src/config/describe/map-order.ts";
import { describeTopicConfigs } from "../../../src/config/describe/topic.ts";
import { dynamicConfigOf, mapOf } from "../given.ts";

const options = { configurationKeys: null, includeSynonyms: false, includeDocumentation: false };

test("names come in the order of a Java map, ties in the order given", () => {
  assert.deepEqual(inMapOrder(["retention.ms", "cleanup.policy"]), [
    "cleanup.policy",
    "retention.ms",
  ]);
  // "Aa" and "BB" have one hash.
  assert.deepEqual(inMapOrder(["b", "BB", "Aa", "a"]), ["BB", "Aa", "a", "b"]);
  assert.deepEqual(inMapOrder([]), []);
});

/** Without what Kafka 4.3 does not have yet (KIP-1191). */
function theirs(described: readonly DescribedConfig[]): readonly string[] {
  return described.map((each) => each.name).filter((name) => !name.startsWith("errors."));
}

// The lists below are the answers of Apache Kafka 4.3.1.
test("a topic's configurations come in Kafka's order, whatever order a client asks in", () => {
  const namesOf = (configurationKeys: readonly string[] | null): readonly string[] => {
    const wanted = { ...options, configurationKeys };
    return theirs(describeTopicConfigs(mapOf({}), dynamicConfigOf({}), wanted));
  };
  const asked = ["retention.ms", "cleanup.policy", "segment.bytes", "min.insync.replicas"];
  assert.deepEqual(namesOf(asked), [
    "min.insync.replicas",
    "cleanup.policy",
    "segment.bytes",
    "retention.ms",
  ]);
  assert.deepEqual(namesOf(null), [
    "compression.type",
    "remote.log.delete.on.disable",
    "leader.replication.throttled.replicas",
    "remote.storage.enable",
    "min.insync.replicas",
    "segment.jitter.ms",
    "remote.log.copy.disable",
    "local.retention.ms",
    "cleanup.policy",
    "flush.ms",
    "follower.replication.throttled.replicas",
    "compression.lz4.level",
    "segment.bytes",
    "retention.ms",
    "compression.gzip.level",
    "flush.messages",
    "compression.zstd.level",
    "max.compaction.lag.ms",
    "file.delete.delay.ms",
    "max.message.bytes",
    "min.compaction.lag.ms",
    "message.timestamp.type",
    "local.retention.bytes",
    "preallocate",
    "index.interval.bytes",
    "min.cleanable.dirty.ratio",
    "unclean.leader.election.enable",
    "retention.bytes",
    "delete.retention.ms",
    "message.timestamp.after.max.ms",
    "message.timestamp.before.max.ms",
    "segment.ms",
    "segment.index.bytes",
  ]);
});

test("a group's configurations come in Kafka's order", () => {
  const described = describeGroupConfigs(mapOf({}), dynamicConfigOf({}), options);
  assert.deepEqual(theirs(described), [
    "consumer.session.timeout.ms",
    "consumer.assignment.interval.ms",
    "share.auto.offset.reset",
    "share.renew.acknowledge.enable",
    "streams.initial.rebalance.delay.ms",
    "share.session.timeout.ms",
    "streams.assignment.interval.ms",
    "share.heartbeat.interval.ms",
    "streams.heartbeat.interval.ms",
    "share.delivery.count.limit",
    "consumer.heartbeat.interval.ms",
    "share.record.lock.duration.ms",
    "share.assignment.interval.ms",
    "share.isolation.level",
    "streams.session.timeout.ms",
    "share.partition.max.record.locks",
    "streams.num.standby.replicas",
  ]);
});
