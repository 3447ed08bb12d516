import assert from "node:assert/strict";
import { test } from "node:test";
import { unescapeText } from "../../src/records/unescape-text.ts";

test("escapes are those of C; other text stays", () => {
  assert.deepEqual([...unescapeText("a\\n\\t\\x1f\\\\")], [0x61, 10, 9, 0x1f, 0x5c]);
  assert.equal(unescapeText("ü: ").toString(), "ü: ");
});
