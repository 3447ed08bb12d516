import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeBrokerConfigs,
  describeEveryBrokerConfigs,
  synonymsOf,
} from "../../../src/config/describe/broker.ts";
import { dynamicConfigOf, mapOf } from "../given.ts";

const everything = { configurationKeys: null, includeSynonyms: true, includeDocumentation: false };

test("a listener's own configuration is shown with the one that it stands before", () => {
  const name = "listener.name.internal.ssl.protocol";
  const dynamic = dynamicConfigOf({ [name]: "TLSv1.2", "ssl.protocol": "TLSv1.3" });
  const [described] = describeBrokerConfigs(dynamic, { ...everything, configurationKeys: [name] });
  assert.equal(described?.value, "TLSv1.2");
  assert.deepEqual(described?.synonyms, [
    { name, value: "TLSv1.2", source: 4 },
    { name: "ssl.protocol", value: "TLSv1.3", source: 4 },
    { name: "ssl.protocol", value: "TLSv1.3", source: 5 },
  ]);
});

test("internal configurations are not shown", () => {
  const names = describeBrokerConfigs(dynamicConfigOf({}), everything).map((each) => each.name);
  assert.equal(names.includes("unstable.api.versions.enable"), false);
  assert.equal(names.includes("num.partitions"), true);
});

test("all brokers' resource shows what is set there and nothing else", () => {
  const dynamic = dynamicConfigOf({});
  assert.deepEqual(describeEveryBrokerConfigs(dynamic, everything), []);
  dynamic.update({ broker: mapOf({}), everyBroker: mapOf({ "max.connections": "5" }) });
  const described = describeEveryBrokerConfigs(dynamic, everything);
  assert.deepEqual(
    described.map(({ name, value }) => `${name}=${value}`),
    ["max.connections=5"],
  );
});

test("a weaker name does not show the stronger one that wins", () => {
  const dynamic = dynamicConfigOf({ "log.retention.ms": "5", "log.retention.hours": "6" });
  const [first] = synonymsOf("log.retention.hours", dynamic);
  assert.deepEqual(first, { name: "log.retention.hours", value: "6", source: 4 });
});

test("the older name of node.id follows it", () => {
  const dynamic = dynamicConfigOf({ "node.id": "7" });
  const options = { ...everything, configurationKeys: ["broker.id", "node.id"] };
  assert.deepEqual(
    describeBrokerConfigs(dynamic, options).map((each) => each.value),
    ["7", "7"],
  );
});
