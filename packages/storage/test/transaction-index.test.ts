import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { CorruptFileError } from "../src/errors.ts";
import { OpenFiles } from "../src/open-files.ts";
import {
  appendAbortedEntry,
  encodeAbortedEntry,
  readAbortedEntries,
  truncateAbortedEntries,
} from "../src/transaction-index.ts";

const first = { producerId: 2n, firstOffset: 51, lastOffset: 61, lastStableOffset: 62 };
const second = { producerId: 1n, firstOffset: 102, lastOffset: 105, lastStableOffset: 106 };

test("an entry has the bytes that Kafka gives it", () => {
  assert.equal(
    encodeAbortedEntry(first).toString("hex"),
    "0000" + "0000000000000002" + "0000000000000033" + "000000000000003d" + "000000000000003e",
  );
});

test("entries are added, read back and cut by their markers", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  const files = new OpenFiles(fileSystem, 8);
  const path = "/0.txnindex";
  assert.deepEqual(readAbortedEntries(fileSystem, path), []);
  appendAbortedEntry(files, path, first);
  appendAbortedEntry(files, path, second);
  assert.deepEqual(readAbortedEntries(fileSystem, path), [first, second]);
  truncateAbortedEntries({ fileSystem, files }, path, 105);
  assert.deepEqual(readAbortedEntries(fileSystem, path), [first]);
});

test("a file of half an entry is refused", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  const file = fileSystem.open("/0.txnindex", "create");
  file.writeSync([Buffer.alloc(40)], 0);
  assert.throws(() => readAbortedEntries(fileSystem, "/0.txnindex"), CorruptFileError);
});
