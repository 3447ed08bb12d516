import assert from "node:assert/strict";
import { test } from "node:test";

import { decideCreatePartitions } from "../../src/controller/create-partitions.ts";
import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import { brokerOf, clusterOf, decideOn, topicOf } from "../support/decisions.ts";

const { image } = decideOn(clusterOf(brokerOf(1)), (context) =>
  decideCreateTopics(context, {
    topics: ["a", "b", "c", "d", "e"].map((name) => topicOf(name, { numPartitions: 2 })),
    validateOnly: false,
  }),
);

test("partitions are added behind those that are there; each refusal has its own error", () => {
  const topics = [
    { name: "a", count: 5, assignments: null },
    { name: "b", count: 2, assignments: null },
    { name: "c", count: 1, assignments: null },
    { name: "absent", count: 5, assignments: null },
    { name: "d", count: 4, assignments: [{ brokerIds: [1] }] },
    { name: "e", count: 3, assignments: [{ brokerIds: [1] }] },
    { name: "e", count: 3, assignments: null },
    { name: "b", count: 20_000, assignments: null },
  ];
  const after = decideOn(image, (context) =>
    decideCreatePartitions(context, { topics, validateOnly: false }),
  );
  assert.deepEqual(
    after.value.map(({ error }) => error),
    [
      "NONE",
      "INVALID_PARTITIONS",
      "INVALID_PARTITIONS",
      "UNKNOWN_TOPIC_OR_PARTITION",
      "INVALID_REPLICA_ASSIGNMENT",
      "NONE",
      "INVALID_REQUEST",
      "INVALID_REQUEST",
    ],
  );
  const counts = [...after.image.topics.byName.values()].map(({ partitions }) => partitions.length);
  assert.deepEqual(counts, [5, 2, 2, 2, 3]);
});

test("validate only writes nothing", () => {
  const topics = [{ name: "a", count: 5, assignments: null }];
  const decided = decideOn(image, (context) =>
    decideCreatePartitions(context, { topics, validateOnly: true }),
  );
  assert.deepEqual(decided.records, []);
  assert.equal(decided.value[0]?.error, "NONE");
});
