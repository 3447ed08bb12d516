import assert from "node:assert/strict";
import { test } from "node:test";

import {
  directoryForNewReplica,
  isActive,
  isElrEnabled,
  isReplicaOnline,
  isUncleanElectionEnabled,
  minInsyncReplicasOf,
} from "../../src/controller/cluster-view.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { directoryIds } from "../../src/image/topics-image.ts";
import type { PartitionImage, TopicImage } from "../../src/image/topics-image.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { brokerOf, clusterOf, contextOf, idOf, imageAfter } from "../support/decisions.ts";

const partition: PartitionImage = {
  replicas: [1, 2],
  directories: [idOf(2_001), directoryIds.lost],
  isr: [1, 2],
  addingReplicas: [],
  removingReplicas: [],
  elr: [],
  lastKnownElr: [],
  leader: 1,
  leaderRecoveryState: "recovered",
  leaderEpoch: 0,
  partitionEpoch: 0,
};
const topic: TopicImage = { name: "t", id: idOf(9), partitions: [partition] };

function config(type: number, resourceName: string, name: string, value: string): MetadataRecord {
  return {
    type: "ConfigRecord",
    version: 0,
    data: { resourceType: type, resourceName, name, value },
  };
}

test("a broker is active when it is registered, not fenced and not shutting down", () => {
  const image = clusterOf(
    brokerOf(1),
    brokerOf(2, { isFenced: true }),
    brokerOf(3, { isInControlledShutdown: true }),
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((id) => isActive(image, id)),
    [true, false, false, false],
  );
});

test("a replica is online where its directory is registered, or not known", () => {
  const image = clusterOf(brokerOf(1), brokerOf(2));
  assert.equal(isReplicaOnline(image, partition, 1), true);
  assert.equal(isReplicaOnline(image, partition, 2), false);
  assert.equal(isReplicaOnline(image, partition, 3), false);
  const failed = clusterOf(brokerOf(1, { logDirs: [idOf(1)] }));
  assert.equal(isReplicaOnline(failed, partition, 1), false);
  for (const id of [directoryIds.unassigned, directoryIds.migrating]) {
    assert.equal(isReplicaOnline(failed, { ...partition, directories: [id, id] }, 1), true);
  }
});

test("a new replica's directory is the broker's only one, or said later", () => {
  const image = clusterOf(brokerOf(1), brokerOf(2, { logDirs: [idOf(1), idOf(2)] }));
  assert.equal(directoryForNewReplica(image, 1), idOf(2_001));
  assert.equal(directoryForNewReplica(image, 2), directoryIds.unassigned);
  assert.equal(directoryForNewReplica(image, 3), directoryIds.migrating);
});

test("min.insync.replicas is the topic's, the cluster's, the node's, and at most the replicas", () => {
  const image = clusterOf();
  assert.equal(minInsyncReplicasOf(contextOf(image), topic), 1);
  const cluster = imageAfter(image, [config(4, "", "min.insync.replicas", "2")]);
  assert.equal(minInsyncReplicasOf(contextOf(cluster), topic), 2);
  const own = imageAfter(cluster, [config(2, "t", "min.insync.replicas", "1")]);
  assert.equal(minInsyncReplicasOf(contextOf(own), topic), 1);
  const many = imageAfter(image, [config(2, "t", "min.insync.replicas", "9")]);
  assert.equal(minInsyncReplicasOf(contextOf(many), topic), 2);
});

test("unclean election is the topic's, the cluster's, or the node's choice", () => {
  const key = "unclean.leader.election.enable";
  const image = imageAfter(clusterOf(), [config(4, "", key, "true")]);
  assert.equal(isUncleanElectionEnabled(contextOf(clusterOf()), topic), false);
  assert.equal(isUncleanElectionEnabled(contextOf(image), topic), true);
  const own = imageAfter(image, [config(2, "t", key, "false")]);
  assert.equal(isUncleanElectionEnabled(contextOf(own), topic), false);
});

test("eligible leader replicas are on by default and off in an empty image", () => {
  assert.equal(isElrEnabled(clusterOf()), true);
  assert.equal(isElrEnabled(emptyImage), false);
});
