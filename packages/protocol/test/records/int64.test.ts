import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { readInt64, writeInt64 } from "../../src/records/int64.ts";

test("every safe integer is written as a signed 64-bit one and read again", () => {
  const buffer = Buffer.alloc(10);
  const property = fc.property(fc.maxSafeInteger(), (value) => {
    writeInt64(buffer, 1, value);
    assert.equal(buffer.readBigInt64BE(1), BigInt(value));
    assert.equal(readInt64(buffer, 1), value);
  });
  const edges = [0, -1, 2 ** 31, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER].map(
    (value): [number] => [value],
  );
  fc.assert(property, { numRuns: 500, seed: 2, examples: edges });
});
