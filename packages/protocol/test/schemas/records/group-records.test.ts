import assert from "node:assert/strict";
import { test } from "node:test";
import { groupKeySchemas, groupValueSchemas, OffsetCommitKey } from "@millrace/protocol";

test("each key has its value under the same number", () => {
  assert.equal(groupKeySchemas.get(1), OffsetCommitKey);
  assert.deepEqual([...groupKeySchemas.keys()], [...groupValueSchemas.keys()]);
  assert.equal(groupKeySchemas.size, 22);
  for (const [number, key] of groupKeySchemas) {
    const value = groupValueSchemas.get(number);
    assert.equal(value?.name, key.name.replace(/Key$/, "Value"));
  }
});
