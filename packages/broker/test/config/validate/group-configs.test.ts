import assert from "node:assert/strict";
import { test } from "node:test";
import { validateGroupConfigs } from "../../../src/config/validate/group-configs.ts";
import { brokerConfigOf, mapOf, type Settings } from "../given.ts";

function outcomeOf(settings: Settings, broker: Settings = {}): string {
  const rejection = validateGroupConfigs(mapOf(settings), brokerConfigOf(broker));
  return rejection === undefined ? "taken" : `${rejection.error}: ${rejection.errorMessage}`;
}

// What Apache Kafka 4.3.1's GroupConfig.validate takes with a broker's defaults.
const taken: readonly Settings[] = [
  { "consumer.session.timeout.ms": "50000", "consumer.heartbeat.interval.ms": "15000" },
  { "share.auto.offset.reset": "by_duration:PT1H" },
  { "share.isolation.level": "read_committed" },
  { "streams.num.standby.replicas": "2" },
];

// What it does not take.
const refused: readonly Settings[] = [
  { nope: "1" },
  { "consumer.session.timeout.ms": "abc" },
  { "consumer.session.timeout.ms": "70000" },
  { "consumer.session.timeout.ms": "1" },
  { "consumer.heartbeat.interval.ms": "1000" },
  { "consumer.heartbeat.interval.ms": "50000" },
  { "consumer.assignment.interval.ms": "20000" },
  { "share.record.lock.duration.ms": "14000" },
  { "share.delivery.count.limit": "11" },
  { "share.delivery.count.limit": "1" },
  { "share.partition.max.record.locks": "5000" },
  { "share.auto.offset.reset": "by_duration:xyz" },
  { "share.auto.offset.reset": "LATEST" },
  { "share.isolation.level": "READ_COMMITTED" },
  { "streams.num.standby.replicas": "3" },
  { "streams.initial.rebalance.delay.ms": "-1" },
];

test("what Kafka takes is taken", () => {
  for (const settings of taken) assert.equal(outcomeOf(settings), "taken");
});

test("what Kafka refuses is refused with INVALID_CONFIG", () => {
  for (const settings of refused) {
    assert.match(outcomeOf(settings), /^INVALID_CONFIG: /, JSON.stringify(settings));
  }
});

test("the broker's limits are named", () => {
  assert.equal(
    outcomeOf({ "consumer.session.timeout.ms": "70000" }),
    "INVALID_CONFIG: consumer.session.timeout.ms=70000 is out of range: expected at most 60000 (group.consumer.max.session.timeout.ms)",
  );
});

test("a session is longer than a heartbeat's interval", () => {
  const broker = {
    "group.consumer.max.heartbeat.interval.ms": "60000",
    "group.consumer.min.session.timeout.ms": "10000",
  };
  assert.match(
    outcomeOf({ "consumer.heartbeat.interval.ms": "45000" }, broker),
    /consumer\.heartbeat\.interval\.ms=45000 is not less than consumer\.session\.timeout\.ms=45000/,
  );
});
