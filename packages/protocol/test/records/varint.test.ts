import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { sizeOfVarint, VARLONG_SIZE_BYTES_MAX, writeVarint } from "../../src/records/varint.ts";

/** The definition, with bigints: zig-zag, then seven bits a byte. */
function naive(value: number): number[] {
  let rest = BigInt(value) < 0n ? -BigInt(value) * 2n - 1n : BigInt(value) * 2n;
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}

test("integers are written as the definition says", () => {
  const property = fc.property(fc.maxSafeInteger(), (value) => {
    const buffer = Buffer.alloc(VARLONG_SIZE_BYTES_MAX);
    const end = writeVarint(buffer, 0, value);
    assert.deepEqual([...buffer.subarray(0, end)], naive(value));
    assert.equal(sizeOfVarint(value), end);
  });
  const edges = [0, -1, 1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), Number.MIN_SAFE_INTEGER];
  const examples = edges.map((value): [number] => [value]);
  fc.assert(property, { numRuns: 1000, seed: 4, examples });
});
