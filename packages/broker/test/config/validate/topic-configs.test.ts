import assert from "node:assert/strict";
import { test } from "node:test";
import { validateTopicConfigs } from "../../../src/config/validate/topic-configs.ts";
import { brokerConfigOf, mapOf, type Settings } from "../given.ts";

function outcomeOf(settings: Settings, broker: Settings = {}): string {
  const rejection = validateTopicConfigs(mapOf(settings), brokerConfigOf(broker));
  return rejection === undefined ? "taken" : `${rejection.error}: ${rejection.errorMessage}`;
}

// What Apache Kafka 4.3.1's LogConfig.validate takes.
const taken: readonly Settings[] = [
  { "cleanup.policy": "" },
  { "cleanup.policy": "delete,delete" },
  { "compression.gzip.level": "-1" },
  { "leader.replication.throttled.replicas": "*" },
  { "leader.replication.throttled.replicas": "0:1,1:2" },
  { "follower.replication.throttled.replicas": "" },
  { "retention.bytes": "-5" },
  { "retention.ms": " 7 " },
  { "retention.ms": "+7" },
  { "min.cleanable.dirty.ratio": "1d" },
  { "internal.segment.bytes": "1" },
];

// What it does not take.
const refused: readonly Settings[] = [
  { "segment.bytes": "100" },
  { "retention.ms": "abc" },
  { "retention.ms": "" },
  { "cleanup.policy": "foo" },
  { "cleanup.policy": "compact," },
  { "compression.type": "x" },
  { "compression.gzip.level": "0" },
  { "leader.replication.throttled.replicas": "x" },
  { "leader.replication.throttled.replicas": "0:1,*" },
  { "local.retention.ms": "-3" },
  { "min.cleanable.dirty.ratio": "1.5" },
  { preallocate: "yes" },
  { "message.timestamp.type": "createtime" },
  { "remote.storage.enable": "true" },
  { nope: "1" },
];

test("what Kafka takes is taken", () => {
  for (const settings of taken)
    assert.equal(outcomeOf(settings), "taken", Object.keys(settings)[0]);
});

test("what Kafka refuses is refused with INVALID_CONFIG", () => {
  for (const settings of refused) {
    assert.match(outcomeOf(settings), /^INVALID_CONFIG: /, JSON.stringify(settings));
  }
});

test("a topic is not compacted later than at latest, whoever says so", () => {
  assert.equal(
    outcomeOf({ "min.compaction.lag.ms": "100", "max.compaction.lag.ms": "50" }),
    "INVALID_CONFIG: min.compaction.lag.ms=100 is larger than max.compaction.lag.ms=50; expected it to be at most that",
  );
  const broker = { "log.cleaner.max.compaction.lag.ms": "50" };
  assert.match(outcomeOf({ "min.compaction.lag.ms": "100" }, broker), /^INVALID_CONFIG/);
});
