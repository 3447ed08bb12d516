import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { OpenFiles } from "../src/open-files.ts";
import { countIndexEntries, SparseIndex } from "../src/sparse-index.ts";

function newIndex(countMax = 1_000_000): { index: SparseIndex; files: OpenFiles } {
  const files = new OpenFiles(simPlatform({ seed: 1 }).fileSystem, 8);
  const index = new SparseIndex({ files, path: "/i.index", entrySizeBytes: 8, countMax }, 0);
  return { index, files };
}

function fill(index: SparseIndex, count: number): void {
  for (let key = index.count; key < count; key += 1) {
    const { buffer, position } = index.push();
    buffer.writeInt32BE(key * 10, position);
    buffer.writeInt32BE(key + 1, position + 4);
  }
}

test("entries are found in the file and in what waits for it", () => {
  const { index } = newIndex();
  fill(index, 1300);
  for (const key of [0, 511, 512, 1023, 1024, 1299]) {
    const found = index.findLast((entry) => entry.readInt32BE(0) <= key * 10 + 9);
    assert.equal(found, key);
    assert.equal(index.entry(found).readInt32BE(4), key + 1);
  }
  assert.equal(
    index.findLast((entry) => entry.readInt32BE(0) <= -1),
    -1,
  );
});

test("an index may be cut anywhere and goes on from there", () => {
  const { index } = newIndex();
  fill(index, 700);
  index.truncate(600);
  index.truncate(100);
  assert.equal(index.count, 100);
  fill(index, 120);
  index.finish();
  assert.equal(index.entry(119).readInt32BE(0), 1190);
});

test("it is full at the size that the topic allows", () => {
  const { index } = newIndex(3);
  fill(index, 2);
  assert.equal(index.isFull, false);
  fill(index, 3);
  assert.equal(index.isFull, true);
});

test("zeros that a crash left behind the last entry do not count", () => {
  const { index, files } = newIndex();
  fill(index, 37);
  index.finish();
  files.get("/i.index").truncate(10_485_760);
  const options = { entrySizeBytes: 8, sizeBytes: 10_485_760 };
  assert.equal(countIndexEntries(files, "/i.index", options), 37);
  const empty = { entrySizeBytes: 8, sizeBytes: 0 };
  assert.equal(countIndexEntries(files, "/i.index", empty), 0);
  assert.equal(countIndexEntries(files, "/i.index", { entrySizeBytes: 8, sizeBytes: 9 }), -1);
});
