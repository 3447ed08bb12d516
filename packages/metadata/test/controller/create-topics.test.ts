import assert from "node:assert/strict";
import { test } from "node:test";

import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import type { CreatableTopic } from "../../src/controller/requests.ts";
import { configsOf } from "../../src/image/configs-image.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { partitionOf } from "../../src/image/topics-image.ts";
import { brokerOf, clusterOf, contextOf, decideOn, idOf, topicOf } from "../support/decisions.ts";

const oneBroker = clusterOf(brokerOf(1));

function create(image: ClusterImage, ...topics: readonly CreatableTopic[]) {
  return decideOn(image, (context) => decideCreateTopics(context, { topics, validateOnly: false }));
}

test("a topic gets an id, its configurations and its partitions, in Kafka's order", () => {
  const asked = topicOf("orders", {
    numPartitions: 2,
    configs: [{ name: "retention.ms", value: "5" }],
  });
  const { image, records, value } = create(oneBroker, asked);
  assert.deepEqual(
    records.map(({ type, version }) => [type, version]),
    [
      ["TopicRecord", 0],
      ["ConfigRecord", 0],
      ["PartitionRecord", 2],
      ["PartitionRecord", 2],
    ],
  );
  const topic = image.topics.byName.get("orders");
  assert.equal(topic?.partitions.length, 2);
  assert.deepEqual(partitionOf(image.topics, "orders", 1), {
    replicas: [1],
    directories: [idOf(2_001)],
    isr: [1],
    addingReplicas: [],
    removingReplicas: [],
    elr: [],
    lastKnownElr: [],
    leader: 1,
    leaderRecoveryState: "recovered",
    leaderEpoch: 0,
    partitionEpoch: 0,
  });
  const configs = configsOf(image.configs, { type: "topic", name: "orders" });
  assert.deepEqual([...configs], [["retention.ms", "5"]]);
  assert.deepEqual(value, [
    {
      error: "NONE",
      errorMessage: null,
      name: "orders",
      topicId: topic?.id,
      numPartitions: 2,
      replicationFactor: 1,
    },
  ]);
});

test("defaults stand in where the request says -1", () => {
  const defaults = {
    numPartitions: 7,
    replicationFactor: 1,
    minInsyncReplicas: 1,
    isUncleanElectionEnabled: false,
  };
  const topics = [topicOf("t", { numPartitions: -1, replicationFactor: -1 })];
  const decide = (context: Parameters<typeof decideCreateTopics>[0]) =>
    decideCreateTopics(context, { topics, validateOnly: false });
  const { value } = decideOn(oneBroker, decide, { defaults });
  assert.equal(value[0]?.numPartitions, 7);
});

test("each impossible topic is refused with its own error and stops no other", () => {
  const existing = create(oneBroker, topicOf("old.one")).image;
  const assignment = (...brokerIds: readonly (readonly number[])[]) => ({
    numPartitions: -1,
    replicationFactor: -1,
    assignments: brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids })),
  });
  const gap = { ...assignment([1]), assignments: [{ partitionIndex: 1, brokerIds: [1] }] };
  const { value } = create(
    existing,
    topicOf("good"),
    topicOf("bad name"),
    topicOf("old.one"),
    topicOf("old_one"),
    topicOf("__cluster_metadata"),
    topicOf("p0", { numPartitions: 0 }),
    topicOf("p-2", { numPartitions: -2 }),
    topicOf("r0", { replicationFactor: 0 }),
    topicOf("r3", { replicationFactor: 3 }),
    topicOf("conf", { configs: [{ name: "x", value: "bad" }] }),
    topicOf("null", { configs: [{ name: "x", value: null }] }),
    topicOf("twice"),
    topicOf("twice"),
    topicOf("both", { assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
    topicOf("who", assignment([9])),
    topicOf("dup", assignment([1, 1])),
    topicOf("none", assignment([])),
    topicOf("gap", gap),
    topicOf("fine", assignment([1], [1])),
  );
  assert.deepEqual(
    value.map(({ name, error }) => [name, error]),
    [
      ["good", "NONE"],
      ["bad name", "INVALID_TOPIC_EXCEPTION"],
      ["old.one", "TOPIC_ALREADY_EXISTS"],
      ["old_one", "INVALID_TOPIC_EXCEPTION"],
      ["__cluster_metadata", "INVALID_REQUEST"],
      ["p0", "INVALID_PARTITIONS"],
      ["p-2", "INVALID_PARTITIONS"],
      ["r0", "INVALID_REPLICATION_FACTOR"],
      ["r3", "INVALID_REPLICATION_FACTOR"],
      ["conf", "INVALID_CONFIG"],
      ["null", "INVALID_CONFIG"],
      ["twice", "INVALID_REQUEST"],
      ["both", "INVALID_REQUEST"],
      ["who", "INVALID_REPLICA_ASSIGNMENT"],
      ["dup", "INVALID_REPLICA_ASSIGNMENT"],
      ["none", "INVALID_REPLICA_ASSIGNMENT"],
      ["gap", "INVALID_REPLICA_ASSIGNMENT"],
      ["fine", "NONE"],
    ],
  );
});

test("two new topics of one request that collide are not both made", () => {
  const { value } = create(oneBroker, topicOf("a.b"), topicOf("a_b"));
  assert.deepEqual(
    value.map(({ error }) => error),
    ["NONE", "INVALID_TOPIC_EXCEPTION"],
  );
});

test("validate only answers the same and writes nothing", () => {
  const input = { topics: [topicOf("orders"), topicOf("..")], validateOnly: true };
  const { records, value } = decideOn(oneBroker, (context) => decideCreateTopics(context, input));
  assert.deepEqual(records, []);
  assert.deepEqual(
    value.map(({ error }) => error),
    ["NONE", "INVALID_TOPIC_EXCEPTION"],
  );
});

test("without a broker that is active nothing can be placed", () => {
  for (const broker of [
    brokerOf(1, { isFenced: true }),
    brokerOf(1, { isInControlledShutdown: true }),
  ]) {
    const { value } = create(clusterOf(broker), topicOf("t"));
    assert.equal(value[0]?.error, "INVALID_REPLICATION_FACTOR");
  }
});

test("more partitions than a request may have are refused as a whole", () => {
  const topics = [topicOf("a", { numPartitions: 6_000 }), topicOf("b", { numPartitions: 6_000 })];
  const { answer } = decideCreateTopics(contextOf(oneBroker), { topics, validateOnly: false });
  assert.equal(answer.kind === "refused" && answer.error, "POLICY_VIOLATION");
});
