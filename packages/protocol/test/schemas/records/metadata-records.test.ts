import assert from "node:assert/strict";
import { test } from "node:test";
import { metadataRecordSchemas, PartitionRecord } from "@millrace/protocol";

test("each metadata record stands under its type", () => {
  assert.equal(metadataRecordSchemas.get(3), PartitionRecord);
  assert.equal(metadataRecordSchemas.size, 26);
  for (const [type, schema] of metadataRecordSchemas) assert.equal(schema.apiKey, type);
});
