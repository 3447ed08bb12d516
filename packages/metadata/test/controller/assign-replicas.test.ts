import assert from "node:assert/strict";
import { test } from "node:test";

import { decideAssignReplicas } from "../../src/controller/assign-replicas.ts";
import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import { ImageBuilder } from "../../src/image/image-builder.ts";
import { unchangedPartition } from "../../src/image/partition-records.ts";
import { directoryIds, partitionOf } from "../../src/image/topics-image.ts";
import { brokerOf, clusterOf, decideOn, idOf, topicOf } from "../support/decisions.ts";

const EPOCH = 3;
const cluster = clusterOf(
  brokerOf(1, { epoch: EPOCH, logDirs: [idOf(1), idOf(2)] }),
  brokerOf(2, { epoch: EPOCH }),
);
const { image, value } = decideOn(cluster, (context) => {
  const assignments = [{ partitionIndex: 0, brokerIds: [1] }];
  const topic = topicOf("t", { numPartitions: -1, replicationFactor: -1, assignments });
  return decideCreateTopics(context, { topics: [topic], validateOnly: false });
});
const topicId = value[0]?.topicId ?? idOf(0);

function assign(directory: ReturnType<typeof idOf>, topic = topicId, brokerId = 1, partition = 0) {
  const topics = [{ topicId: topic, partitions: [{ partitionIndex: partition }] }];
  const directories = [{ id: directory, topics }];
  return decideOn(image, (context) =>
    decideAssignReplicas(context, { brokerId, brokerEpoch: EPOCH, directories }),
  );
}

test("the directory of a replica is noted without an election", () => {
  const after = assign(idOf(2));
  const partition = partitionOf(after.image.topics, "t", 0);
  assert.deepEqual(partition?.directories, [idOf(2)]);
  assert.deepEqual([partition?.leaderEpoch, partition?.partitionEpoch], [0, 1]);
});

test("what is the case already is not written", () => {
  const after = assign(directoryIds.unassigned);
  assert.deepEqual(after.records, []);
  assert.equal(after.value[0]?.error, "NONE");
});

test("each impossible assignment is refused with its own error", () => {
  assert.equal(assign(idOf(9)).value[0]?.error, "INVALID_REQUEST");
  assert.equal(assign(idOf(2), idOf(77)).value[0]?.error, "UNKNOWN_TOPIC_ID");
  assert.equal(assign(idOf(2), topicId, 2).value[0]?.error, "NOT_LEADER_OR_FOLLOWER");
  assert.equal(assign(idOf(2), topicId, 1, 5).value[0]?.error, "UNKNOWN_TOPIC_OR_PARTITION");
});

test("a partition without a leader has one once its replica is shown to be there", () => {
  const away = idOf(9);
  const lost = new ImageBuilder(image);
  lost.apply({
    type: "PartitionChangeRecord",
    version: 2,
    data: {
      ...unchangedPartition({ topicId, partitionId: 0 }),
      leader: -1,
      directories: [away],
    },
  });
  const { image: leaderless } = lost.build(image.provenance);
  const topics = [{ topicId, partitions: [{ partitionIndex: 0 }] }];
  const after = decideOn(leaderless, (context) =>
    decideAssignReplicas(context, {
      brokerId: 1,
      brokerEpoch: EPOCH,
      directories: [{ id: idOf(2), topics }],
    }),
  );
  const found = partitionOf(after.image.topics, "t", 0);
  assert.equal(found?.leader, 1);
  assert.deepEqual(found.directories, [idOf(2)]);
});

test("a replica in a lost directory leads no more", () => {
  const partition = partitionOf(assign(directoryIds.lost).image.topics, "t", 0);
  assert.equal(partition?.leader, -1);
  assert.deepEqual(partition.directories, [directoryIds.lost]);
});
