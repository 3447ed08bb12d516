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
