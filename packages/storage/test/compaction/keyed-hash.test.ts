import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyedHash } from "../../src/compaction/keyed-hash.ts";

/** The first test vectors of HalfSipHash-2-4 with 64 bits of result (its repository, vectors.h). */
const vectors = [
  "218d1f59b9b83cc8",
  "be552412f8387315",
  "064f39ef7c50eb57",
  "ce0f1a45f7060679",
  "d5e78a175be52ea1",
  "cb9d7c3f2f3db580",
  "ce3e91358aa2bc25",
  "ff202728b07bc684",
  "edfee820bce4858c",
];

function hexOf(hash: KeyedHash): string {
  const bytes = Buffer.alloc(16);
  for (const [at, word] of hash.words.entries()) bytes.writeInt32LE(word, at * 4);
  return bytes.toString("hex");
}

test("both halves are HalfSipHash", () => {
  const hash = new KeyedHash(Buffer.from("00010203040506070001020304050607", "hex"));
  const input = Buffer.from([99, 0, 1, 2, 3, 4, 5, 6, 7, 99]);
  for (const [length, vector] of vectors.entries()) {
    hash.update(input, 1, 1 + length);
    assert.equal(hexOf(hash), vector + vector);
  }
});

test("the halves depend on different parts of the secret", () => {
  const hash = new KeyedHash(Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"));
  hash.update(Buffer.from("key"), 0, 3);
  const first = hexOf(hash);
  assert.notEqual(first.slice(0, 16), first.slice(16));
});
