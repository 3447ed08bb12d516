import assert from "node:assert/strict";
import { test } from "node:test";
import { apiSchemaList, apiSchemas, Produce } from "@millrace/protocol";

test("the table has each live API once, under its key", () => {
  const keys = apiSchemaList.map(({ key }) => key);
  const gone = new Set([4, 5, 6, 7]);
  const expected = Array.from({ length: 93 }, (_, key) => key).filter((key) => !gone.has(key));
  assert.deepEqual(keys, expected);
  assert.equal(apiSchemas.get(0), Produce);
  assert.equal(apiSchemas.size, apiSchemaList.length);
});
