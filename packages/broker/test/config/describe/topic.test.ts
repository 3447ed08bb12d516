import assert from "node:assert/strict";
import { test } from "node:test";
import { describeTopicConfigs } from "../../../src/config/describe/topic.ts";
import { dynamicConfigOf, mapOf } from "../given.ts";

const options = { configurationKeys: null, includeSynonyms: true, includeDocumentation: false };

// golden.test.ts compares every topic configuration with Apache Kafka's answer.
test("an internal configuration is shown only where it is set", () => {
  const own = mapOf({ "internal.segment.bytes": "100" });
  const namesOf = (overrides: ReadonlyMap<string, string>): readonly string[] => {
    return describeTopicConfigs(overrides, dynamicConfigOf({}), options).map((each) => each.name);
  };
  assert.equal(namesOf(mapOf({})).includes("internal.segment.bytes"), false);
  assert.equal(namesOf(own).includes("internal.segment.bytes"), true);
});

test("a value inherited in hours is shown in milliseconds", () => {
  const dynamic = dynamicConfigOf({ "log.retention.hours": "1" });
  const wanted = { ...options, configurationKeys: ["retention.ms"] };
  const [described] = describeTopicConfigs(mapOf({}), dynamic, wanted);
  assert.equal(described?.value, "3600000");
});
