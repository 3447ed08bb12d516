import assert from "node:assert/strict";
import { test } from "node:test";
import { checkKeys } from "../../src/options/check-keys.ts";

test("an unknown option is refused with the nearest name", () => {
  const known = new Set(["lingerMs", "batchSize"]);
  checkKeys({ lingerMs: 1 }, known, "producer");
  assert.throws(() => checkKeys({ lingerMS: 1, lingerms: 1 }, known, "producer"), {
    code: "INVALID_OPTION",
    message: /producer has no option lingerMS\. Did you mean lingerMs\?/,
  });
  assert.throws(() => checkKeys({ zzzzzzzz: 1 }, known, "producer"), { code: "INVALID_OPTION" });
});
