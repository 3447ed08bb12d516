import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigProblem } from "../../src/config/configuration-error.ts";
import { invalidValueMessage, parseConfigs, saturate } from "../../src/config/parse-configs.ts";

test("a value that cannot be parsed is reported with its place, and its default stands in", () => {
  const problems: ConfigProblem[] = [];
  const origin = "server.properties line 2";
  const given = new Map([["num.partitions", { value: "0", origin }]]);
  const { fields, exactValues } = parseConfigs(given, problems);
  assert.equal(fields.numPartitions, 1);
  assert.equal(exactValues.get("num.partitions"), 1);
  const message = "num.partitions=0 is not valid: expected a number of at least 1";
  assert.deepEqual(problems, [{ key: "num.partitions", origin, message }]);
});

test("a secret is not repeated in a message", () => {
  const message = invalidValueMessage("ssl.key.password", "hunter2", "another");
  assert.equal(message, "ssl.key.password=[hidden] is not valid: expected another");
});

test("a long saturates at the safe integers", () => {
  assert.equal(saturate(2n ** 63n - 1n), Number.MAX_SAFE_INTEGER);
  assert.equal(saturate(-(2n ** 63n)), -Number.MAX_SAFE_INTEGER);
  assert.equal(saturate(7n), 7);
});
