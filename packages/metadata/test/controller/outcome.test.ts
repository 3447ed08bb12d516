import assert from "node:assert/strict";
import { test } from "node:test";

import { done, itemError, noError, refused } from "../../src/controller/outcome.ts";

test("outcomes say what happened to a request, item errors what happened to a part of it", () => {
  assert.deepEqual(done("x"), { kind: "done", value: "x" });
  assert.deepEqual(refused("NOT_CONTROLLER", "no"), {
    kind: "refused",
    error: "NOT_CONTROLLER",
    message: "no",
  });
  assert.deepEqual(itemError("INVALID_CONFIG", "m"), {
    error: "INVALID_CONFIG",
    errorMessage: "m",
  });
  assert.deepEqual(noError, { error: "NONE", errorMessage: null });
});
