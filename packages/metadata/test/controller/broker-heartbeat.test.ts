import assert from "node:assert/strict";
import { test } from "node:test";

import { decideAssignReplicas } from "../../src/controller/assign-replicas.ts";
import { decideBrokerHeartbeat } from "../../src/controller/broker-heartbeat.ts";
import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import type { BrokerHeartbeatInput } from "../../src/controller/requests.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { partitionOf } from "../../src/image/topics-image.ts";
import { brokerOf, clusterOf, contextOf, decideOn, idOf, topicOf } from "../support/decisions.ts";

const EPOCH = 3;

function beat(image: ClusterImage, overrides: Partial<BrokerHeartbeatInput> = {}) {
  const input = {
    brokerId: 1,
    brokerEpoch: EPOCH,
    currentMetadataOffset: 100,
    wantFence: false,
    wantShutDown: false,
    offlineLogDirs: [],
    cordonedLogDirs: [],
    ...overrides,
  };
  return decideOn(image, (context) => decideBrokerHeartbeat(context, input));
}

function withTopic(image: ClusterImage): ClusterImage {
  return decideOn(image, (context) =>
    decideCreateTopics(context, { topics: [topicOf("t")], validateOnly: false }),
  ).image;
}

const unfenced = clusterOf(brokerOf(1, { epoch: EPOCH, logDirs: [idOf(1)] }));
const fenced = clusterOf(brokerOf(1, { epoch: EPOCH, isFenced: true }));

test("a fenced broker is unfenced once it has seen its own registration", () => {
  const early = beat(fenced, { currentMetadataOffset: EPOCH - 1 });
  assert.deepEqual(early.value, { isCaughtUp: false, isFenced: true, shouldShutDown: false });
  assert.deepEqual(early.records, []);
  const late = beat(fenced);
  assert.deepEqual(late.value, { isCaughtUp: true, isFenced: false, shouldShutDown: false });
  assert.equal(late.image.brokers.get(1)?.isFenced, false);
});

test("a fenced broker that wants to stay so, or to stop, gets it", () => {
  assert.deepEqual(beat(fenced, { wantFence: true }).records, []);
  const stopped = beat(fenced, { wantShutDown: true });
  assert.deepEqual(stopped.value, { isCaughtUp: true, isFenced: true, shouldShutDown: true });
});

test("a broker that leads gives its partitions away first, then stops, and finds them at its return", () => {
  const first = beat(withTopic(unfenced), { wantShutDown: true });
  assert.equal(first.value.shouldShutDown, false);
  assert.equal(first.image.brokers.get(1)?.isInControlledShutdown, true);
  assert.equal(partitionOf(first.image.topics, "t", 0)?.leader, -1);
  const second = beat(first.image, { wantShutDown: true });
  assert.equal(second.value.shouldShutDown, true);
  assert.equal(second.image.brokers.get(1)?.isFenced, true);
});

test("a broker that leads nothing stops at once", () => {
  const { value } = beat(unfenced, { wantShutDown: true });
  assert.deepEqual(value, { isCaughtUp: true, isFenced: true, shouldShutDown: true });
});

test("a broker that wants to be fenced leads no more", () => {
  const { image, value } = beat(withTopic(unfenced), { wantFence: true });
  assert.equal(value.isFenced, true);
  assert.equal(partitionOf(image.topics, "t", 0)?.leader, -1);
});

test("a failed log directory takes its partitions with it and leaves the registration", () => {
  const two = clusterOf(brokerOf(1, { epoch: EPOCH, logDirs: [idOf(1), idOf(2)] }));
  const topics = [topicOf("t", { numPartitions: 2 })];
  const { image: made, value } = decideOn(two, (context) =>
    decideCreateTopics(context, { topics, validateOnly: false }),
  );
  const topicId = value[0]?.topicId ?? idOf(0);
  const directories = [idOf(1), idOf(2)].map((id, partitionIndex) => ({
    id,
    topics: [{ topicId, partitions: [{ partitionIndex }] }],
  }));
  const { image } = decideOn(made, (context) =>
    decideAssignReplicas(context, { brokerId: 1, brokerEpoch: EPOCH, directories }),
  );
  const after = beat(image, { offlineLogDirs: [idOf(1), idOf(99)] });
  assert.equal(partitionOf(after.image.topics, "t", 0)?.leader, -1);
  assert.equal(partitionOf(after.image.topics, "t", 1)?.leader, 1);
  assert.deepEqual(after.image.brokers.get(1)?.logDirs, [idOf(2)]);
  assert.equal(beat(after.image, { offlineLogDirs: [idOf(1)] }).records.length, 0);
});

test("when the only log directory fails, its partitions are without a leader", () => {
  const after = beat(withTopic(unfenced), { offlineLogDirs: [idOf(1)] });
  assert.equal(partitionOf(after.image.topics, "t", 0)?.leader, -1);
  assert.equal(beat(after.image, { offlineLogDirs: [idOf(1)] }).records.length, 0);
});

test("a directory that takes no more replicas is noted once", () => {
  const { image, records } = beat(unfenced, { cordonedLogDirs: [idOf(1)] });
  assert.deepEqual(
    records.map(({ type, version }) => [type, version]),
    [["BrokerRegistrationChangeRecord", 3]],
  );
  assert.deepEqual(image.brokers.get(1)?.cordonedLogDirs, [idOf(1)]);
  assert.deepEqual(beat(image, { cordonedLogDirs: [idOf(1)] }).records, []);
});

test("a heartbeat of another incarnation is refused", () => {
  const input = {
    brokerId: 1,
    brokerEpoch: EPOCH - 1,
    currentMetadataOffset: 100,
    wantFence: false,
    wantShutDown: false,
    offlineLogDirs: [],
    cordonedLogDirs: [],
  };
  const { answer } = decideBrokerHeartbeat(contextOf(unfenced), input);
  assert.equal(answer.kind === "refused" && answer.error, "STALE_BROKER_EPOCH");
});
