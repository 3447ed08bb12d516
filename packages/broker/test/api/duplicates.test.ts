import assert from "node:assert/strict";
import { test } from "node:test";

import { duplicates } from "../../src/api/duplicates.ts";

test("what stands in a list more than once is found once", () => {
  assert.deepEqual([...duplicates(["a", "b", "a", "c", "a", "c"])], ["a", "c"]);
  assert.deepEqual([...duplicates([])], []);
});
