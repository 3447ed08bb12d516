import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { CorruptFileError } from "../src/errors.ts";
import { LeaderEpochs, readEpochEntries } from "../src/leader-epochs.ts";
import { replaceFile } from "../src/small-file.ts";

function epochsOf(...entries: [number, number][]): LeaderEpochs {
  const epochs = new LeaderEpochs(simPlatform({ seed: 1 }).fileSystem, "/");
  for (const [epoch, startOffset] of entries) epochs.assign(epoch, startOffset);
  return epochs;
}

test("an epoch ends where the next known one starts, the newest at the log's end", () => {
  const epochs = epochsOf([2, 10], [4, 50], [5, 80]);
  assert.deepEqual(epochs.endOffsetOf(5, 100), { leaderEpoch: 5, endOffset: 100 });
  assert.deepEqual(epochs.endOffsetOf(4, 100), { leaderEpoch: 4, endOffset: 80 });
  assert.deepEqual(epochs.endOffsetOf(3, 100), { leaderEpoch: 2, endOffset: 50 });
  assert.deepEqual(epochs.endOffsetOf(1, 100), { leaderEpoch: 1, endOffset: 10 });
  assert.deepEqual(epochs.endOffsetOf(6, 100), { leaderEpoch: -1, endOffset: -1 });
  assert.deepEqual(epochsOf().endOffsetOf(0, 100), { leaderEpoch: -1, endOffset: -1 });
});

test("an epoch that wrote nothing gives way to the next at the same offset", () => {
  const epochs = epochsOf([1, 0], [2, 30], [3, 30]);
  assert.deepEqual(epochs.entries, [
    { epoch: 1, startOffset: 0 },
    { epoch: 3, startOffset: 30 },
  ]);
  epochs.assign(3, 40);
  assert.equal(epochs.entries.length, 2);
});

test("cuts at both ends keep the epoch of what stays", () => {
  const epochs = epochsOf([1, 0], [2, 30], [3, 60]);
  epochs.truncateSuffix(60);
  assert.equal(epochs.latestEpoch, 2);
  epochs.truncatePrefix(40);
  assert.deepEqual(epochs.entries, [{ epoch: 2, startOffset: 40 }]);
  assert.equal(epochs.epochAt(45), 2);
  assert.equal(epochs.epochAt(39), undefined);
});

test("a flush puts every change into the file, in Kafka's form", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  const epochs = new LeaderEpochs(fileSystem, "/");
  epochs.assign(0, 0);
  epochs.assign(7, 148);
  assert.equal(fileSystem.exists("/leader-epoch-checkpoint"), false);
  epochs.write();
  assert.equal(fileSystem.readFile("/leader-epoch-checkpoint").toString(), "0\n2\n0 0\n7 148\n");
  assert.deepEqual(readEpochEntries(fileSystem, "/"), epochs.entries);
  const damaged = { content: "0\n1\n0 x\n", durability: "cached" } as const;
  replaceFile(fileSystem, "/leader-epoch-checkpoint", damaged);
  assert.throws(() => readEpochEntries(fileSystem, "/"), CorruptFileError);
});
