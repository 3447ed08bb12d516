import assert from "node:assert/strict";
import { test } from "node:test";

import type { PartitionChange } from "../../src/controller/partition-change.ts";
import { decidePartitionChange } from "../../src/controller/partition-change.ts";
import { partitionAfterChange } from "../../src/image/partition-records.ts";
import type { PartitionImage } from "../../src/image/topics-image.ts";
import { metadataFormatOf } from "../../src/records/feature-levels.ts";
import { idOf } from "../support/decisions.ts";

const healthy: PartitionImage = {
  replicas: [1, 2, 3],
  directories: [idOf(1), idOf(2), idOf(3)],
  isr: [1, 2, 3],
  addingReplicas: [],
  removingReplicas: [],
  elr: [],
  lastKnownElr: [],
  leader: 1,
  leaderRecoveryState: "recovered",
  leaderEpoch: 4,
  partitionEpoch: 9,
};

function changed(
  partition: PartitionImage,
  alive: readonly number[],
  change: Partial<PartitionChange> = {},
): PartitionImage | undefined {
  const record = decidePartitionChange({
    partition,
    topicId: idOf(5),
    partitionId: 0,
    format: metadataFormatOf(30),
    isElrEnabled: true,
    minInsyncReplicas: 2,
    election: "online",
    isAcceptableLeader: (id) => alive.includes(id),
    ...change,
  });
  if (record?.type !== "PartitionChangeRecord") return undefined;
  return partitionAfterChange(partition, record.data);
}

test("nothing changes where the leader is alive", () => {
  assert.equal(changed(healthy, [1, 2, 3]), undefined);
});

test("a leader that leaves is followed by the next of the ISR, in an epoch of its own", () => {
  const after = changed(healthy, [2, 3], { targetIsr: [2, 3] });
  assert.deepEqual([after?.leader, after?.leaderEpoch, after?.partitionEpoch], [2, 5, 10]);
  assert.deepEqual([after?.isr, after?.elr], [[2, 3], []]);
});

test("a follower that leaves changes the ISR but not the leader's epoch", () => {
  const after = changed(healthy, [1, 2], { targetIsr: [1, 2] });
  assert.deepEqual([after?.leader, after?.leaderEpoch], [1, 4]);
});

test("before 3.6 a smaller ISR raises the leader's epoch", () => {
  const format = metadataFormatOf(11);
  const after = changed(healthy, [1, 2], { targetIsr: [1, 2], format, isElrEnabled: false });
  assert.deepEqual([after?.leader, after?.leaderEpoch], [1, 5]);
});

test("below the minimum, who leaves in order becomes an eligible leader", () => {
  const two = { ...healthy, isr: [1, 2] };
  const after = changed(two, [1], { targetIsr: [1] });
  assert.deepEqual([after?.isr, after?.elr, after?.leader], [[1], [2], 1]);
});

test("who may have lost data does not become an eligible leader", () => {
  const two = { ...healthy, isr: [1, 2] };
  const after = changed(two, [1], { targetIsr: [1], uncleanReplica: 2 });
  assert.equal(after?.elr.length, 0);
});

test("the last one to leave in order is eligible and noted as the last leader", () => {
  const one = { ...healthy, isr: [1] };
  const after = changed(one, [], { targetIsr: [] });
  assert.deepEqual([after?.isr, after?.elr, after?.lastKnownElr], [[], [1], [1]]);
  assert.deepEqual([after?.leader, after?.leaderEpoch], [-1, 5]);
});

test("an eligible leader that comes back leads alone and is forgotten as such", () => {
  const down = { ...healthy, isr: [], elr: [2, 3], lastKnownElr: [1], leader: -1 };
  const after = changed(down, [3]);
  assert.deepEqual([after?.leader, after?.isr, after?.elr], [3, [3], [2]]);
  assert.deepEqual([after?.lastKnownElr, after?.leaderRecoveryState], [[], "recovered"]);
});

test("with nobody in ISR and ELR the last known leader leads, and has to recover", () => {
  const down = { ...healthy, isr: [], elr: [], lastKnownElr: [1], leader: -1 };
  assert.equal(changed(down, [2, 3]), undefined);
  const after = changed(down, [1, 2, 3]);
  assert.deepEqual([after?.leader, after?.isr, after?.lastKnownElr], [1, [1], []]);
  assert.equal(after?.leaderRecoveryState, "recovering");
});

test("an unclean election takes any replica that is alive", () => {
  const down = { ...healthy, isr: [1], leader: -1 };
  assert.equal(changed(down, [2, 3], { election: "online", isElrEnabled: false }), undefined);
  const after = changed(down, [2, 3], { election: "unclean", isElrEnabled: false });
  assert.deepEqual([after?.leader, after?.isr], [2, [2]]);
  assert.equal(after?.leaderRecoveryState, "recovering");
});

test("without eligible leaders the last in-sync replica stays in the ISR when it goes", () => {
  const one = { ...healthy, isr: [1] };
  const after = changed(one, [], { targetIsr: [], isElrEnabled: false });
  assert.deepEqual([after?.isr, after?.leader], [[1], -1]);
});

test("a preferred election goes to the first replica if it is in sync, else keeps the leader", () => {
  const moved = { ...healthy, leader: 3 };
  assert.equal(changed(moved, [1, 2, 3], { election: "preferred" })?.leader, 1);
  assert.equal(changed({ ...moved, isr: [2, 3] }, [1, 2, 3], { election: "preferred" }), undefined);
});

test("directories that differ are written, in the order of the replicas", () => {
  const after = changed(healthy, [1, 2, 3], { directories: new Map([[2, idOf(7)]]) });
  assert.deepEqual(after?.directories, [idOf(1), idOf(7), idOf(3)]);
  assert.equal(after?.leaderEpoch, healthy.leaderEpoch);
});
