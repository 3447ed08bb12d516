import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import type { FileSystem } from "@millrace/platform";
import { sweepLogDirectory } from "../src/log-file-sweep.ts";
import { batchOf } from "./support.ts";

function folderWith(...names: string[]): FileSystem {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.makeDirectory("/l");
  for (const name of names) fileSystem.open(`/l/${name}`, "create");
  return fileSystem;
}

function namesIn(fileSystem: FileSystem): string[] {
  return fileSystem.readDirectory("/l").map(({ name }) => name);
}

const base = (offset: number): string => String(offset).padStart(20, "0");

test("deletions are finished and unfinished compactions dropped", () => {
  const fileSystem = folderWith(
    `${base(0)}.log`,
    `${base(0)}.index`,
    `${base(0)}.log.cleaned`,
    `${base(5)}.log.deleted`,
    `${base(5)}.snapshot.deleted`,
    `${base(7)}.index.tmp`,
    `${base(3)}-0000000001.checkpoint.deleted`,
    `${base(3)}-0000000001.checkpoint`,
    "quorum-state",
  );
  const found = sweepLogDirectory(fileSystem, "/l");
  assert.deepEqual(found.baseOffsets, [0]);
  assert.deepEqual(namesIn(fileSystem), [
    `${base(0)}.index`,
    `${base(0)}.log`,
    `${base(3)}-0000000001.checkpoint`,
    `${base(3)}-0000000001.checkpoint.deleted`,
    "quorum-state",
  ]);
});

test("an index without its segment is removed, snapshots and transaction indexes are listed", () => {
  const fileSystem = folderWith(
    `${base(0)}.log`,
    `${base(0)}.txnindex`,
    `${base(9)}.index`,
    `${base(9)}.timeindex`,
    `${base(20)}.snapshot`,
  );
  const found = sweepLogDirectory(fileSystem, "/l");
  assert.deepEqual(found.transactionIndexOffsets, [0]);
  assert.deepEqual(found.snapshotOffsets, [20]);
  assert.equal(fileSystem.exists(`/l/${base(9)}.index`), false);
});

test("a finished compaction takes the place of the segments that it covers", () => {
  const fileSystem = folderWith(
    `${base(0)}.log`,
    `${base(0)}.index`,
    `${base(10)}.log`,
    `${base(10)}.snapshot`,
    `${base(20)}.log`,
    `${base(0)}.index.swap`,
  );
  const swap = fileSystem.open(`/l/${base(0)}.log.swap`, "create");
  swap.writeSync([batchOf(["kept"], { baseOffset: 19 })], 0);
  const found = sweepLogDirectory(fileSystem, "/l");
  assert.deepEqual(found.baseOffsets, [0, 20]);
  assert.ok((fileSystem.stat(`/l/${base(0)}.log`)?.sizeBytes ?? 0) > 0);
  assert.equal(
    namesIn(fileSystem).some((name) => name.endsWith(".swap")),
    false,
  );
});

test("a swap file behind an unfinished one belongs to an unfinished split", () => {
  const fileSystem = folderWith(
    `${base(0)}.log`,
    `${base(10)}.log.cleaned`,
    `${base(10)}.log.swap`,
    `${base(10)}.index.swap`,
  );
  assert.deepEqual(sweepLogDirectory(fileSystem, "/l").baseOffsets, [0]);
  assert.deepEqual(namesIn(fileSystem), [`${base(0)}.log`]);
});
