import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { buildEndTransactionBatch } from "@millrace/protocol";
import { CorruptLogError } from "../src/errors.ts";
import { LeaderEpochs } from "../src/leader-epochs.ts";
import { ProducerState } from "../src/producer-state.ts";
import { recoverSegment } from "../src/segment-recovery.ts";
import { readAbortedEntries } from "../src/transaction-index.ts";
import { batchOf, simEnvironment } from "./support.ts";

const path = "/l/00000000000000000100";

function recover(chunks: readonly Buffer[], recoveryPoint = 100) {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/l");
  platform.fileSystem.open(`${path}.log`, "create").writeSync(chunks, 0);
  const environment = simEnvironment(platform);
  const producers = new ProducerState();
  const epochs = new LeaderEpochs(platform.fileSystem, "/l");
  const found = recoverSegment(environment, {
    directory: "/l",
    baseOffset: 100,
    indexIntervalBytes: 0,
    recoveryPoint,
    producers,
    epochs,
  });
  return { found, platform, producers, epochs };
}

const good = [
  batchOf(["a", "b"], { baseOffset: 100, partitionLeaderEpoch: 1, timestamp: 50 }),
  batchOf(["c"], { baseOffset: 102, partitionLeaderEpoch: 3, timestamp: 40 }),
];

test("a whole segment is kept and indexed, its epochs and producers are learnt", () => {
  const { found, platform, epochs } = recover(good);
  assert.equal(found.endOffset, 103);
  assert.equal(found.cutBytes, 0);
  assert.equal(found.largestTimestampMs, 50);
  assert.equal(epochs.latestEpoch, 3);
  assert.equal(platform.fileSystem.stat(`${path}.index`)?.sizeBytes, 8);
  assert.equal(platform.fileSystem.stat(`${path}.timeindex`)?.sizeBytes, 12);
});

test("everything from the first damaged batch on is cut", () => {
  const damaged = Buffer.from(good[1] ?? Buffer.alloc(0));
  damaged.writeUInt8(0xff, 65);
  for (const tail of [damaged, damaged.subarray(0, 70), Buffer.alloc(1000), Buffer.from("junk")]) {
    const { found } = recover([good[0] ?? Buffer.alloc(0), tail]);
    assert.equal(found.endOffset, 102);
    assert.equal(found.cutBytes, tail.length);
  }
});

test("offsets that go back are damage", () => {
  const { found } = recover([...good, ...good]);
  assert.equal(found.endOffset, 103);
});

test("damage in what was durable is reported, not cut", () => {
  const torn = [good[0] ?? Buffer.alloc(0), Buffer.alloc(10)];
  assert.throws(() => recover(torn, 103), CorruptLogError);
  assert.equal(recover(torn, 102).found.cutBytes, 10);
});

test("the transaction index is made anew", () => {
  const producer = { producerId: 5n, producerEpoch: 0 };
  const data = batchOf(["v"], {
    ...producer,
    baseOffset: 103,
    baseSequence: 0,
    isTransactional: true,
  });
  const marker = buildEndTransactionBatch(
    { type: "ABORT", coordinatorEpoch: 2 },
    { ...producer, baseOffset: 104, timestamp: 60 },
  );
  const { found, platform, producers } = recover([...good, data, marker]);
  assert.equal(found.hasAborted, true);
  assert.deepEqual(readAbortedEntries(platform.fileSystem, `${path}.txnindex`), [
    { producerId: 5n, firstOffset: 103, lastOffset: 104, lastStableOffset: 105 },
  ]);
  assert.equal(producers.producerCount, 1);
});
