import assert from "node:assert/strict";
import { test } from "node:test";

import { xxhash32 } from "../../src/compression/xxhash32.ts";

test("the hashes are those of the specification and of the reference tool", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["", 0x02cc5d05],
    ["a", 0x550d7456],
    ["abc", 0x32d153ff],
    ["Nobody inspects the spammish repetition", 0xe2293b2f],
  ];
  for (const [text, hash] of cases) {
    const bytes = Buffer.from(`..${text}..`);
    assert.equal(xxhash32(bytes, 2, bytes.length - 2), hash, text);
  }
});
