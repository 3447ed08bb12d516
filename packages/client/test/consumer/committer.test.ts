import assert from "node:assert/strict";
import { test } from "node:test";

import { simPlatform } from "@millrace/platform/sim";
import { AssignedPartition } from "../../src/consumer/assigned-partition.ts";
import { Committer } from "../../src/consumer/committer.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { MemoryGroup } from "./support/memory-group.ts";

function setUp(autoCommitIntervalMs: number | undefined) {
  const { clock, logger, logLines } = simPlatform({ seed: 1 });
  const group = new MemoryGroup();
  const partition = new AssignedPartition({ topic: "orders", partition: 0 });
  partition.moveTo(5, 2);
  const partitions = new Map([[partition.key, partition]]);
  const { offsets } = group;
  const committer = new Committer({
    clock,
    logger,
    offsets,
    autoCommitIntervalMs,
    partitions: () => partitions,
  });
  return { clock, group, partition, committer, logLines };
}

test("finished offsets are committed at intervals, and only when they are new", async () => {
  const { clock, group, partition, committer } = setUp(1_000);
  committer.start();
  await clock.advance(3_500);
  assert.deepEqual(group.events, ["commit 5"]);
  partition.position = 9;
  await clock.advance(1_000);
  assert.deepEqual(group.events, ["commit 5"]);
  partition.finish();
  await clock.advance(1_000);
  assert.deepEqual(group.events, ["commit 5", "commit 9"]);
  committer.close();
  partition.moveTo(1, -1);
  await clock.advance(5_000);
  assert.equal(group.events.length, 2);
});

test("without auto commit nothing is committed unasked", async () => {
  const { clock, group, partition, committer } = setUp(undefined);
  committer.start();
  await clock.advance(60_000);
  await committer.commitFinished([partition]);
  assert.deepEqual(group.events, []);
});

test("an auto commit that is refused is logged and tried again later", async () => {
  const { clock, group, committer, logLines } = setUp(1_000);
  group.commitError = new KafkaError("REBALANCE_IN_PROGRESS", "wait");
  committer.start();
  await clock.advance(1_500);
  assert.ok(logLines.some(({ message }) => message === "offsets could not be committed"));
  group.commitError = undefined;
  await clock.advance(1_000);
  assert.deepEqual(group.events, ["commit 5"]);
});

test("commits that are open when a partition is taken away end, those that wait included", async () => {
  const { group, partition, committer } = setUp(undefined);
  const ended: string[] = [];
  group.commitGate = (signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => {
        ended.push("the one under way");
        reject(new KafkaError("COMMIT_FAILED", "it was ended"));
      });
    });
  const offset = { topic: "orders", partition: 0, offset: 7, leaderEpoch: -1, metadata: "" };
  const other = committer.commit([offset]);
  const waiting = committer.commit([{ ...offset, offset: 8 }]);
  const failed = Promise.all([
    assert.rejects(other, { code: "COMMIT_FAILED" }),
    assert.rejects(waiting, { code: "COMMIT_FAILED" }),
  ]);
  await Promise.resolve();
  committer.giveUp([new AssignedPartition({ topic: "orders", partition: 1 })]);
  assert.deepEqual(ended, []);
  committer.giveUp([partition]);
  await failed;
  assert.deepEqual(ended, ["the one under way"]);
  assert.deepEqual(group.events, []);
  // It may have come back: what is committed from now on counts.
  group.commitGate = undefined;
  await committer.commit([{ ...offset, offset: 9 }]);
  assert.deepEqual(group.events, ["commit 9"]);
});

test("auto commits do not pile up while the coordinator does not answer", async () => {
  const { clock, group, partition, committer } = setUp(1_000);
  let open = (): void => undefined;
  let commits = 0;
  group.commitGate = () => {
    commits += 1;
    return new Promise((resolve) => (open = resolve));
  };
  committer.start();
  await clock.advance(30_000);
  partition.moveTo(9, 2);
  open();
  await clock.advance(1_000);
  open();
  await clock.advance(500);
  assert.equal(commits, 2);
  assert.deepEqual(group.events, ["commit 5", "commit 9"]);
  committer.close();
});

test("automatic commits go forward only, but after a rewind where it went, even beside a commit", async () => {
  const { clock, group, partition, committer } = setUp(1_000);
  committer.start();
  const offset = { topic: "orders", partition: 0, offset: 9, leaderEpoch: -1, metadata: "" };
  await committer.commit([offset]);
  await clock.advance(2_000);
  assert.deepEqual(group.events, ["commit 9"]);
  const open = committer.commit([{ ...offset, offset: 12 }]);
  partition.rewind();
  partition.moveTo(3, -1);
  await open;
  await clock.advance(2_000);
  assert.deepEqual(group.events, ["commit 9", "commit 12", "commit 3"]);
  // A commit that goes back is the application's word, too, until more is finished.
  await committer.commit([{ ...offset, offset: 1 }]);
  await clock.advance(2_000);
  assert.deepEqual(group.events.slice(3), ["commit 1", "commit 3"]);
  committer.close();
});
