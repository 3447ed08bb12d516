import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clientMetricsKeyNames,
  findClientMetricsKey,
} from "../../src/config/client-metrics-config.ts";

test("a subscription has metrics, an interval and patterns", () => {
  assert.deepEqual([...clientMetricsKeyNames()], ["metrics", "interval.ms", "match"]);
  assert.equal(findClientMetricsKey("interval.ms")?.defaultValue, 300_000);
  assert.equal(findClientMetricsKey("no.such.key"), undefined);
});
