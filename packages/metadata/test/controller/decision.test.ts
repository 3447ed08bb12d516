import assert from "node:assert/strict";
import { test } from "node:test";

import { decided, refusedDecision } from "../../src/controller/decision.ts";

test("a decision answers with its value, or refuses and writes nothing", () => {
  assert.deepEqual(decided([], 5), { records: [], answer: { kind: "done", value: 5 } });
  assert.deepEqual(refusedDecision("INVALID_REQUEST", "no"), {
    records: [],
    answer: { kind: "refused", error: "INVALID_REQUEST", message: "no" },
  });
});
