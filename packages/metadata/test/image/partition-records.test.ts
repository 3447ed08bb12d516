import assert from "node:assert/strict";
import { test } from "node:test";

import {
  partitionAfterChange,
  partitionFromRecord,
  partitionToRecord,
  unchangedPartition,
} from "../../src/image/partition-records.ts";
import { directoryIds } from "../../src/image/topics-image.ts";
import type { PartitionImage } from "../../src/image/topics-image.ts";
import { idOf } from "../support/decisions.ts";

const place = { topicId: idOf(1), partitionId: 0 };
const partition: PartitionImage = {
  replicas: [1, 2],
  directories: [idOf(1), idOf(2)],
  isr: [1],
  addingReplicas: [],
  removingReplicas: [],
  elr: [2],
  lastKnownElr: [],
  leader: 1,
  leaderRecoveryState: "recovering",
  leaderEpoch: 3,
  partitionEpoch: 5,
};

test("a partition survives its record", () => {
  const record = partitionToRecord(partition, { ...place, version: 2 });
  assert.ok(record.type === "PartitionRecord");
  assert.deepEqual(partitionFromRecord(record.data), partition);
});

test("an older record has no directories and no eligible leaders", () => {
  const record = partitionToRecord(partition, { ...place, version: 0 });
  assert.ok(record.type === "PartitionRecord");
  const read = partitionFromRecord(record.data);
  assert.deepEqual(read.directories, [directoryIds.migrating, directoryIds.migrating]);
  assert.deepEqual(read.elr, []);
});

test("a change without a leader keeps the leader's epoch; every change counts for the partition's", () => {
  const after = partitionAfterChange(partition, { ...unchangedPartition(place), isr: [1, 2] });
  assert.deepEqual(after, { ...partition, isr: [1, 2], partitionEpoch: 6 });
});

test("a change that names the leader raises its epoch, even if it is the same one", () => {
  const after = partitionAfterChange(partition, { ...unchangedPartition(place), leader: 1 });
  assert.deepEqual([after.leader, after.leaderEpoch, after.partitionEpoch], [1, 4, 6]);
});

test("a recovered leader is noted", () => {
  const fields = { ...unchangedPartition(place), leaderRecoveryState: 0 };
  assert.equal(partitionAfterChange(partition, fields).leaderRecoveryState, "recovered");
});
