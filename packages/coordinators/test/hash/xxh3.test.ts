import assert from "node:assert/strict";
import { test } from "node:test";

import { xxh3 } from "../../src/hash/xxh3.ts";

/** Lengths around every boundary of the algorithm, hashed by hash4j 0.22.0, which Kafka uses. */
const golden: readonly (readonly [number, string])[] = [
  [0, "2d06800538d394c2"],
  [1, "4c5cca45d0f4811f"],
  [3, "15f7093b173d005c"],
  [4, "dca012f95811b6b9"],
  [8, "dec6a9a43575982e"],
  [9, "cbe393399f17ffbd"],
  [16, "7e484c18d74895d0"],
  [17, "208bde5ee2bed407"],
  [64, "dd30702ab46b3745"],
  [128, "f92b70eaa21a6288"],
  [129, "f8f76713f2bb60fa"],
  [200, "12fdb864685f344d"],
  [240, "ccc7375172c41f03"],
  [241, "0b3b630948ce4a00"],
  [255, "89932170686cdd9a"],
  [256, "ec85b75bafe6ca74"],
  [257, "12ef0ff633841459"],
  [512, "efc2e52d1c2ffbaa"],
  [1024, "23bc880ebf0d29c6"],
  [1025, "c09fdfbc398c7d82"],
  [2000, "19eb4cda7a0f1a0d"],
  [5000, "559fff92c2b7f8ee"],
];

test("bytes of every kind of length are hashed as hash4j hashes them", () => {
  for (const [length, expected] of golden) {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 31 + 7) & 0xff));
    assert.equal(xxh3(bytes).toString(16).padStart(16, "0"), expected, `${length} bytes`);
  }
});
