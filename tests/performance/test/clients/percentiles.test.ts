import assert from "node:assert/strict";
import { test } from "node:test";
import { percentilesOf } from "../../src/clients/percentiles.ts";

test("percentiles are of the times in order, whatever order they came in", () => {
  const times = Array.from({ length: 1000 }, (_, index) => 1000 - index);
  assert.deepEqual(percentilesOf(times), { p50: 501, p99: 991, p999: 1000, max: 1000 });
});
