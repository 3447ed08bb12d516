import assert from "node:assert/strict";
import { test } from "node:test";
import { validateBrokerConfigs } from "../../../src/config/validate/broker-configs.ts";
import { dynamicConfigOf, mapOf, type Settings } from "../given.ts";

function outcomeOf(resourceName: string, after: Settings, before: Settings = {}): string {
  const change = { resourceName, after: mapOf(after), before: mapOf(before) };
  const rejection = validateBrokerConfigs(change, dynamicConfigOf({}));
  return rejection === undefined ? "taken" : `${rejection.error}: ${rejection.errorMessage}`;
}

test("cluster-wide configurations change for all brokers and for one", () => {
  assert.equal(outcomeOf("", { "log.retention.ms": "5", "num.io.threads": "9" }), "taken");
  assert.equal(outcomeOf("1", { "log.retention.ms": "5" }), "taken");
});

test("per-broker configurations change for one broker only", () => {
  const name = "sasl.enabled.mechanisms";
  assert.equal(outcomeOf("1", { [name]: "PLAIN" }), "taken");
  assert.match(outcomeOf("", { [name]: "PLAIN" }), /^INVALID_REQUEST: .*give the id of the one/);
});

test("read-only configurations do not change, unless they stay as they were", () => {
  assert.match(outcomeOf("1", { "node.id": "7" }), /^INVALID_REQUEST: node\.id cannot be changed/);
  assert.equal(outcomeOf("1", { "num.partitions": "7" }, { "num.partitions": "7" }), "taken");
});

test("listeners change at start only, and that is said", () => {
  assert.match(
    outcomeOf("1", { listeners: "PLAINTEXT://:1" }),
    /listeners cannot be changed while/,
  );
});

test("another broker's configurations are not this broker's business", () => {
  assert.match(
    outcomeOf("2", { "log.retention.ms": "5" }),
    /^INVALID_REQUEST: 2 is not this broker/,
  );
  assert.match(outcomeOf("one", {}), /^INVALID_REQUEST/);
});

test("key stores change for one listener of one broker", () => {
  const name = "ssl.keystore.location";
  assert.match(
    outcomeOf("1", { [name]: "/k" }),
    /as listener\.name\.NAME\.ssl\.keystore\.location/,
  );
  assert.equal(outcomeOf("1", { [`listener.name.a.${name}`]: "/k" }), "taken");
  assert.match(outcomeOf("", { [`listener.name.a.${name}`]: "/k" }), /give the id of the one/);
  assert.equal(outcomeOf("1", { "ssl.keymanager.algorithm": "PKIX" }), "taken");
});

test("a listener's limits change for all brokers", () => {
  assert.equal(outcomeOf("", { "listener.name.plaintext.max.connections": "5" }), "taken");
  assert.match(outcomeOf("", { "listener.name.plaintext.max.connections": "x" }), /not valid/);
});

test("throttles stand in the metadata alone", () => {
  const name = "leader.replication.throttled.rate";
  assert.equal(outcomeOf("1", { [name]: "1000" }), "taken");
  assert.match(outcomeOf("1", { [name]: "fast" }), /expected a number of at least 0/);
});

test("a value or a combination that cannot be is refused", () => {
  assert.match(outcomeOf("1", { "log.retention.ms": "soon" }), /^INVALID_REQUEST: .*not valid/);
  assert.match(outcomeOf("1", { "log.retention.ms": "0" }), /expected -1 for ever/);
  assert.match(outcomeOf("", { "config.providers": "file" }), /is refused/);
  assert.match(outcomeOf("", { "log.retention.sm": "1" }), /did you mean log\.retention\.ms\?/);
  const lag = {
    "log.cleaner.min.compaction.lag.ms": "9",
    "log.cleaner.max.compaction.lag.ms": "8",
  };
  assert.match(outcomeOf("", lag), /is larger than/);
});
