import assert from "node:assert/strict";
import { test } from "node:test";
import { ZERO_UUID } from "@millrace/protocol";

import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import {
  brokerEpochFault,
  decideRegisterBroker,
  decideUnregisterBroker,
} from "../../src/controller/register-broker.ts";
import type { RegisterBrokerInput } from "../../src/controller/requests.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { partitionOf } from "../../src/image/topics-image.ts";
import {
  brokerOf,
  clusterOf,
  contextOf,
  decideOn,
  idOf,
  imageAfter,
  topicOf,
} from "../support/decisions.ts";

const broker = brokerOf(1);
const running = decideOn(clusterOf(broker), (context) =>
  decideCreateTopics(context, { topics: [topicOf("t")], validateOnly: false }),
).image;

function inputOf(overrides: Partial<RegisterBrokerInput> = {}): RegisterBrokerInput {
  return {
    brokerId: 1,
    clusterId: "test-cluster",
    incarnationId: idOf(4_000),
    listeners: broker.endpoints,
    features: broker.features,
    rack: null,
    logDirs: broker.logDirs,
    previousBrokerEpoch: -1,
    ...overrides,
  };
}

function register(image: ClusterImage, input: RegisterBrokerInput) {
  return decideOn(image, (context) => decideRegisterBroker(context, input));
}

function errorOf(image: ClusterImage, overrides: Partial<RegisterBrokerInput>) {
  const { answer, records } = decideRegisterBroker(contextOf(image), inputOf(overrides));
  assert.deepEqual(records, []);
  return answer.kind === "refused" ? answer.error : undefined;
}

test("a broker is fenced at first, and its epoch is the offset of the decision", () => {
  const empty = clusterOf();
  const { image, value, records } = register(empty, inputOf());
  assert.equal(value, empty.provenance.lastContainedOffset + 1);
  assert.deepEqual(image.brokers.get(1), {
    ...broker,
    epoch: value,
    incarnationId: idOf(4_000),
    isFenced: true,
  });
  assert.equal(records.length, 1);
});

test("one that crashed leaves ISR and ELR, and what it led waits for it with a new epoch", () => {
  const { image } = register(running, inputOf());
  const partition = partitionOf(image.topics, "t", 0);
  assert.deepEqual([partition?.leader, partition?.leaderEpoch], [-1, 1]);
  assert.deepEqual([partition?.isr, partition?.elr, partition?.lastKnownElr], [[], [], [1]]);
});

test("one that stopped in order keeps its place", () => {
  const { image } = register(running, inputOf({ previousBrokerEpoch: broker.epoch }));
  const partition = partitionOf(image.topics, "t", 0);
  assert.deepEqual([partition?.isr, partition?.elr], [[], [1]]);
});

test("without eligible leader replicas a restart still raises the leader's epoch", () => {
  const data = { name: "eligible.leader.replicas.version", featureLevel: 0 };
  const older = imageAfter(running, [{ type: "FeatureLevelRecord", version: 0, data }]);
  const { image } = register(older, inputOf());
  const partition = partitionOf(image.topics, "t", 0);
  assert.deepEqual([partition?.isr, partition?.leader, partition?.leaderEpoch], [[1], -1, 1]);
});

test("the same incarnation keeps its epoch and is not fenced again", () => {
  const { image, value } = register(
    running,
    inputOf({ incarnationId: broker.incarnationId, rack: "b" }),
  );
  assert.equal(value, broker.epoch);
  assert.equal(image.brokers.get(1)?.isFenced, false);
  assert.equal(image.brokers.get(1)?.rack, "b");
  assert.equal(partitionOf(image.topics, "t", 0)?.leader, 1);
});

test("each impossible registration is refused with its own error", () => {
  const other = clusterOf(brokerOf(2));
  assert.equal(errorOf(running, { clusterId: "another" }), "INCONSISTENT_CLUSTER_ID");
  assert.equal(errorOf(running, { logDirs: [] }), "INVALID_REGISTRATION");
  assert.equal(errorOf(running, { logDirs: [ZERO_UUID] }), "INVALID_REGISTRATION");
  assert.equal(errorOf(running, { logDirs: [idOf(1), idOf(1)] }), "INVALID_REGISTRATION");
  assert.equal(errorOf(other, { logDirs: brokerOf(2).logDirs }), "INVALID_REGISTRATION");
  assert.equal(errorOf(running, { features: [] }), "UNSUPPORTED_VERSION");
  const twice = [...broker.endpoints, ...broker.endpoints];
  assert.equal(errorOf(running, { listeners: twice }), "INVALID_REGISTRATION");
});

test("a broker that is unregistered is in no ISR and no ELR", () => {
  const { image } = decideOn(running, (context) => decideUnregisterBroker(context, 1));
  assert.equal(image.brokers.size, 0);
  const partition = partitionOf(image.topics, "t", 0);
  assert.deepEqual([partition?.isr, partition?.elr, partition?.leader], [[], [], -1]);
  const { answer } = decideUnregisterBroker(contextOf(image), 1);
  assert.equal(answer.kind === "refused" && answer.error, "BROKER_ID_NOT_REGISTERED");
});

test("an epoch of the past is stale", () => {
  const context = contextOf(running);
  assert.equal(brokerEpochFault(context, { brokerId: 1, brokerEpoch: broker.epoch }), undefined);
  const older = brokerEpochFault(context, { brokerId: 1, brokerEpoch: 0 });
  assert.equal(older?.error, "STALE_BROKER_EPOCH");
  const absent = brokerEpochFault(context, { brokerId: 7, brokerEpoch: 1 });
  assert.equal(absent?.error, "STALE_BROKER_EPOCH");
});
