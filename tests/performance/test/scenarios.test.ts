import assert from "node:assert/strict";
import { test } from "node:test";

import { judgeScenario } from "../src/scenarios.ts";

test("two sides are judged by their ratio, memory by what it is", () => {
  const start = { metric: "seconds", better: "lower", must: 0.2, aim: 0.1 } as const;
  const ratio = judgeScenario({ title: "a", metric: "seconds", ours: 1, theirs: 4, target: start });
  assert.deepEqual(ratio, { value: 0.25, verdict: "missed" });
  const limit = { metric: "MB", better: "lower", must: 110, aim: 90 } as const;
  const memory = judgeScenario({ title: "b", metric: "MB", ours: 100, theirs: 400, target: limit });
  assert.deepEqual(memory, { value: 100, verdict: "must" });
});
