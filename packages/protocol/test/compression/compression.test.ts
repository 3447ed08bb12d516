import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { type CompressionName, codecOf, codecOfId, DecompressionError } from "@millrace/protocol";
import fc from "fast-check";

const names: readonly CompressionName[] = ["none", "gzip", "snappy", "lz4", "zstd"];
const LIMIT = 64 * 1024 * 1024;

const inputs = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 200_000, unit: fc.constantFrom("ab", "abcdefg", "\u00e9x") }),
);

test("every codec has the number of its attributes bits", () => {
  for (const [id, name] of names.entries()) {
    assert.equal(codecOfId(id), codecOf(name));
    assert.equal(codecOf(name).name, name);
  }
  for (const id of [5, 6, 7, -1]) assert.equal(codecOfId(id), undefined);
});

for (const name of names) {
  const codec = codecOf(name);

  test(`${name} gives back what it was given`, () => {
    const property = fc.property(inputs, (input) => {
      const bytes = Buffer.from(input);
      assert.deepEqual(codec.decompress(codec.compress(bytes), LIMIT), bytes);
    });
    fc.assert(property, { numRuns: 100, seed: 1 });
  });

  test(`${name} stops at the limit`, () => {
    const bytes = Buffer.alloc(300_000, "0123456789");
    const compressed = codec.compress(bytes);
    assert.equal(codec.decompress(compressed, bytes.length).length, bytes.length);
    for (const limit of [bytes.length - 1, 70_000, 10, 0]) {
      assert.throws(
        () => codec.decompress(compressed, limit),
        (error) => error instanceof DecompressionError && error.reason === "too large",
        `limit ${limit}`,
      );
    }
  });

  if (name === "none") continue;

  test(`${name} refuses what was cut off`, () => {
    const compressed = codec.compress(
      Buffer.from("a sentence, a sentence, and another".repeat(50)),
    );
    for (let length = 0; length < compressed.length; length++) {
      // The header of snappy's framing alone is a stream without blocks.
      if (name === "snappy" && length === 16) continue;
      assert.throws(
        () => codec.decompress(compressed.subarray(0, length), LIMIT),
        DecompressionError,
        `${length} of ${compressed.length} bytes`,
      );
    }
  });

  if (codec.levels === undefined) continue;

  test(`${name} takes its levels`, () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i) % 251));
    const { min, max } = codec.levels ?? { min: 0, max: 0 };
    for (const level of [Math.max(min, -5), 1, max]) {
      assert.deepEqual(codec.decompress(codec.compress(bytes, level), LIMIT), bytes);
    }
  });
}

test("gzip of several members is read", () => {
  const members = Buffer.concat([gzipSync("one "), gzipSync("two")]);
  assert.equal(codecOf("gzip").decompress(members, LIMIT).toString(), "one two");
});
