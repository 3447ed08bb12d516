import assert from "node:assert/strict";
import { test } from "node:test";
import { describeClientMetricsConfigs } from "../../../src/config/describe/client-metrics.ts";
import { mapOf } from "../given.ts";

// golden.test.ts compares every configuration of a subscription with Apache Kafka's answer.
test("a subscription that nobody made has defaults without synonyms", () => {
  const options = { configurationKeys: null, includeSynonyms: true, includeDocumentation: false };
  const described = describeClientMetricsConfigs(mapOf({}), options);
  assert.deepEqual(
    described.map(({ name, value, synonyms }) => `${name}=${value} ${synonyms.length}`),
    ["interval.ms=300000 0", "match= 0", "metrics= 0"],
  );
});

test("a list is shown without the white space that it was set with", () => {
  const options = {
    configurationKeys: ["match"],
    includeSynonyms: true,
    includeDocumentation: true,
  };
  const [described] = describeClientMetricsConfigs(mapOf({ match: "a=b , c=d" }), options);
  assert.equal(described?.value, "a=b,c=d");
  assert.equal(described?.configSource, 7);
});
