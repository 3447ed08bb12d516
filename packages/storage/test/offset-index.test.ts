import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { OffsetIndex, offsetEntrySizeBytes } from "../src/offset-index.ts";
import { OpenFiles } from "../src/open-files.ts";
import { SparseIndex } from "../src/sparse-index.ts";

function newIndex(baseOffset: number): { index: OffsetIndex; files: OpenFiles } {
  const files = new OpenFiles(simPlatform({ seed: 1 }).fileSystem, 8);
  const entries = new SparseIndex(
    { files, path: "/0.index", entrySizeBytes: offsetEntrySizeBytes, countMax: 100 },
    0,
  );
  return { index: new OffsetIndex(entries, baseOffset), files };
}

test("the last entry at or below an offset tells where to start", () => {
  const { index } = newIndex(100);
  index.append(120, 4096);
  index.append(140, 9000);
  assert.deepEqual(index.lookup(119), { offset: 100, position: 0 });
  assert.deepEqual(index.lookup(120), { offset: 120, position: 4096 });
  assert.deepEqual(index.lookup(139), { offset: 120, position: 4096 });
  assert.deepEqual(index.last(), { offset: 140, position: 9000 });
});

test("a cut removes the entries at and beyond its offset", () => {
  const { index } = newIndex(100);
  index.append(120, 4096);
  index.append(140, 9000);
  index.truncateTo(140);
  assert.deepEqual(index.last(), { offset: 120, position: 4096 });
  index.truncateTo(100);
  assert.deepEqual(index.last(), { offset: 100, position: 0 });
});

test("an entry is four bytes of relative offset and four of position", () => {
  const { index, files } = newIndex(100);
  index.append(357, 4096);
  index.entries.finish();
  const bytes = Buffer.alloc(8);
  files.get("/0.index").readSync(bytes, 0);
  assert.equal(bytes.toString("hex"), "0000010100001000");
});
