import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { OpenFiles } from "../src/open-files.ts";
import { SparseIndex } from "../src/sparse-index.ts";
import { TimeIndex, timeEntrySizeBytes } from "../src/time-index.ts";

function newIndex(): { index: TimeIndex; files: OpenFiles } {
  const files = new OpenFiles(simPlatform({ seed: 1 }).fileSystem, 8);
  const entries = new SparseIndex(
    { files, path: "/0.timeindex", entrySizeBytes: timeEntrySizeBytes, countMax: 100 },
    0,
  );
  return { index: new TimeIndex(entries, 100), files };
}

test("only a larger timestamp makes an entry", () => {
  const { index } = newIndex();
  index.append({ timestampMs: 1000, offset: 110 });
  index.append({ timestampMs: 1000, offset: 120 });
  index.append({ timestampMs: 900, offset: 130 });
  index.append({ timestampMs: 2000, offset: 140 });
  assert.equal(index.entries.count, 2);
  assert.deepEqual(index.last(), { timestampMs: 2000, offset: 140 });
});

test("the last entry at or below a timestamp tells where to start", () => {
  const { index } = newIndex();
  index.append({ timestampMs: 1000, offset: 110 });
  index.append({ timestampMs: 2000, offset: 140 });
  assert.deepEqual(index.lookup(999), { timestampMs: -1, offset: 100 });
  assert.deepEqual(index.lookup(1999), { timestampMs: 1000, offset: 110 });
  assert.deepEqual(index.lookup(5000), { timestampMs: 2000, offset: 140 });
});

test("a cut forgets the largest timestamp beyond it", () => {
  const { index } = newIndex();
  index.append({ timestampMs: 1000, offset: 110 });
  index.append({ timestampMs: 2000, offset: 140 });
  index.truncateTo(130);
  assert.deepEqual(index.last(), { timestampMs: 1000, offset: 110 });
});

test("an entry is eight bytes of timestamp and four of relative offset", () => {
  const { index, files } = newIndex();
  index.append({ timestampMs: 1_700_000_000_000, offset: 101 });
  index.entries.finish();
  const bytes = Buffer.alloc(12);
  files.get("/0.timeindex").readSync(bytes, 0);
  assert.equal(bytes.toString("hex"), "0000018bcfe5680000000001");
});
