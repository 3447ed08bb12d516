import assert from "node:assert/strict";
import { test } from "node:test";
import { findBrokerKey } from "../../src/config/broker-keys.ts";
import { topicKeys } from "../../src/config/keys/topic.ts";
import { brokerSynonymOfTopicKey, brokerSynonyms } from "../../src/config/synonyms.ts";

test("milliseconds are stronger than minutes, and minutes than hours", () => {
  const retention = ["log.retention.ms", "log.retention.minutes", "log.retention.hours"];
  for (const name of retention) assert.deepEqual(brokerSynonyms(name), retention);
  assert.deepEqual(brokerSynonyms("log.roll.hours"), ["log.roll.ms", "log.roll.hours"]);
});

test("the flush interval has a weaker name that does not know of it", () => {
  const scheduler = "log.flush.scheduler.interval.ms";
  assert.deepEqual(brokerSynonyms("log.flush.interval.ms"), ["log.flush.interval.ms", scheduler]);
  assert.deepEqual(brokerSynonyms(scheduler), [scheduler]);
});

test("a name without synonyms stands for itself", () => {
  assert.deepEqual(brokerSynonyms("num.partitions"), ["num.partitions"]);
});

test("each topic configuration inherits from one of the broker's, or is named here", () => {
  const own = Object.keys(topicKeys).filter((name) => brokerSynonymOfTopicKey(name) === undefined);
  assert.deepEqual(own.sort(), [
    "errors.deadletterqueue.group.enable",
    "follower.replication.throttled.replicas",
    "internal.segment.bytes",
    "leader.replication.throttled.replicas",
    "remote.log.copy.disable",
    "remote.log.delete.on.disable",
    "remote.storage.enable",
  ]);
  for (const name of Object.keys(topicKeys)) {
    const synonym = brokerSynonymOfTopicKey(name);
    if (synonym !== undefined) assert.notEqual(findBrokerKey(synonym), undefined, synonym);
  }
});
