import assert from "node:assert/strict";
import { test } from "node:test";
import { describeGroupConfigs } from "../../../src/config/describe/group.ts";
import { dynamicConfigOf, mapOf } from "../given.ts";

// golden.test.ts compares every group configuration with Apache Kafka's answer.
test("a group's own value stands before the broker's", () => {
  const name = "consumer.session.timeout.ms";
  const dynamic = dynamicConfigOf({ [`group.${name}`]: "46000" });
  const options = { configurationKeys: [name], includeSynonyms: true, includeDocumentation: false };
  const [described] = describeGroupConfigs(mapOf({ [name]: "50000" }), dynamic, options);
  assert.equal(described?.value, "50000");
  assert.deepEqual(described?.synonyms, [
    { name, value: "50000", source: 8 },
    { name: `group.${name}`, value: "46000", source: 4 },
    { name: `group.${name}`, value: "45000", source: 5 },
  ]);
});

test("a configuration that only groups have shows its default even when it is set", () => {
  const name = "share.isolation.level";
  const options = { configurationKeys: [name], includeSynonyms: true, includeDocumentation: false };
  const own = mapOf({ [name]: "read_committed" });
  const [described] = describeGroupConfigs(own, dynamicConfigOf({}), options);
  assert.deepEqual(described?.synonyms, [
    { name, value: "read_committed", source: 8 },
    { name, value: "read_uncommitted", source: 5 },
  ]);
});
