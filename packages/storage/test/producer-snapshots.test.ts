import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { ProducerEntry } from "../src/producer-entry.ts";
import { ProducerSnapshots } from "../src/producer-snapshots.ts";

test("the newest whole snapshot is read; a damaged one gives way to the one before", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  const snapshots = new ProducerSnapshots(fileSystem, "/", []);
  snapshots.write(10, [new ProducerEntry(1)]);
  snapshots.write(20, [new ProducerEntry(1), new ProducerEntry(2)]);
  assert.equal(snapshots.readLatest()?.producers.length, 2);
  fileSystem.flipBit(snapshots.path(20), 15, 3);
  const found = snapshots.readLatest();
  assert.equal(found?.offset, 10);
  assert.equal(found?.producers.length, 1);
  assert.equal(fileSystem.exists("/00000000000000000020.snapshot"), false);
});

test("snapshots go by their offsets, or are handed over for a deletion", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  const snapshots = new ProducerSnapshots(fileSystem, "/", [30, 10, 20]);
  assert.deepEqual(snapshots.offsets, [10, 20, 30]);
  snapshots.removeWhere((offset) => offset > 20);
  assert.equal(snapshots.latestOffset, 20);
  assert.deepEqual(snapshots.release([10, 40]), ["/00000000000000000010.snapshot"]);
  assert.deepEqual(snapshots.offsets, [20]);
});
