import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { AbortedTransactions } from "../src/aborted-transactions.ts";
import { simEnvironment } from "./support.ts";

const entry = (producerId: bigint, firstOffset: number, lastOffset: number, stable: number) => ({
  producerId,
  firstOffset,
  lastOffset,
  lastStableOffset: stable,
});

function aborted() {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/l");
  const transactions = new AbortedTransactions(simEnvironment(platform), "/l", []);
  transactions.append(0, entry(1n, 10, 30, 15));
  transactions.append(100, entry(2n, 15, 120, 110));
  transactions.append(100, entry(3n, 110, 150, 151));
  return transactions;
}

test("those that reach into what was read are given, from its segment on", () => {
  const collect = (segmentBaseOffset: number, fromOffset: number, endOffset: number) =>
    aborted()
      .collect({ segmentBaseOffset, fromOffset, endOffset })
      .map(({ producerId }) => producerId);
  assert.deepEqual(collect(0, 0, 12), [1n]);
  assert.deepEqual(collect(0, 0, 50), [1n, 2n]);
  assert.deepEqual(collect(0, 40, 50), [2n]);
  assert.deepEqual(collect(100, 100, 160), [2n, 3n]);
  assert.deepEqual(collect(100, 151, 160), []);
});

test("a cut removes those whose marker it takes", () => {
  const transactions = aborted();
  transactions.truncateTo(150);
  const all = { segmentBaseOffset: 0, fromOffset: 0, endOffset: 1000 };
  assert.equal(transactions.collect(all).length, 2);
  transactions.truncateTo(60);
  assert.equal(transactions.collect(all).length, 1);
});

test("a cut at the beginning of a segment leaves its file empty", () => {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/l");
  const environment = simEnvironment(platform);
  const transactions = new AbortedTransactions(environment, "/l", []);
  transactions.append(100, entry(2n, 100, 120, 110));
  transactions.truncateTo(100);
  // The next start reads what the files say.
  const reopened = new AbortedTransactions(simEnvironment(platform), "/l", [100]);
  const all = { segmentBaseOffset: 0, fromOffset: 0, endOffset: 1000 };
  assert.deepEqual(reopened.collect(all), []);
});

test("deleted segments take theirs with them", () => {
  const transactions = aborted();
  transactions.releaseBelow(100);
  const all = { segmentBaseOffset: 0, fromOffset: 0, endOffset: 1000 };
  assert.deepEqual(
    transactions.collect(all).map(({ producerId }) => producerId),
    [2n, 3n],
  );
});

test("a reader beyond the newest marker touches no file", () => {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/l");
  const transactions = new AbortedTransactions(simEnvironment(platform), "/l", []);
  transactions.append(0, entry(1n, 10, 30, 15));
  platform.fileSystem.disk.faults.add({ operations: ["read", "open"], systemCode: "EIO" });
  const range = { segmentBaseOffset: 0, fromOffset: 31, endOffset: 100 };
  assert.deepEqual(transactions.collect(range), []);
});

test("what finds no room on the disk is told from memory and written later", () => {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/l");
  const transactions = new AbortedTransactions(simEnvironment(platform), "/l", []);
  transactions.append(0, entry(1n, 10, 30, 11));
  platform.fileSystem.disk.setCapacity(34 + 10);
  transactions.append(0, entry(2n, 11, 40, 15));
  assert.equal(transactions.write(), 0);
  const all = { segmentBaseOffset: 0, fromOffset: 0, endOffset: 14 };
  assert.equal(transactions.collect(all).length, 2);
  platform.fileSystem.disk.setCapacity(1e6);
  assert.equal(transactions.write(), Infinity);
  assert.equal(transactions.collect(all).length, 2);
});
