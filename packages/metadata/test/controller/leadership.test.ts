import assert from "node:assert/strict";
import { test } from "node:test";

import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import {
  decideLeadership,
  hasLeaderships,
  inSyncOrEligible,
  inSyncWith,
  leaderless,
} from "../../src/controller/leadership.ts";
import { partitionOf } from "../../src/image/topics-image.ts";
import {
  brokerOf,
  clusterOf,
  contextOf,
  decideOn,
  imageAfter,
  topicOf,
} from "../support/decisions.ts";

const placed = (name: string, ...replicas: readonly (readonly number[])[]) =>
  topicOf(name, {
    numPartitions: -1,
    replicationFactor: -1,
    assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
  });

test("leaders move from a broker that leaves, and back where only it has the data", () => {
  const topics = [placed("t", [1, 2], [2, 1]), placed("single", [1])];
  const { image } = decideOn(clusterOf(brokerOf(1), brokerOf(2)), (context) =>
    decideCreateTopics(context, { topics, validateOnly: false }),
  );
  const left = imageAfter(image, decideLeadership(contextOf(image), { leaving: 1 }, inSyncWith(1)));
  assert.equal(partitionOf(left.topics, "t", 0)?.leader, 2);
  assert.equal(partitionOf(left.topics, "t", 1)?.leader, 2);
  assert.equal(partitionOf(left.topics, "single", 0)?.leader, -1);
  assert.equal(hasLeaderships(contextOf(left), 1), false);
  const back = imageAfter(left, decideLeadership(contextOf(left), { joining: 1 }, leaderless));
  assert.equal(partitionOf(back.topics, "single", 0)?.leader, 1);
  assert.equal(partitionOf(back.topics, "t", 0)?.leader, 2);
  assert.equal(hasLeaderships(contextOf(back), 1), true);
});

test("only the partitions that the filter selects are looked at", () => {
  const { image } = decideOn(clusterOf(brokerOf(1)), (context) =>
    decideCreateTopics(context, { topics: [topicOf("a")], validateOnly: false }),
  );
  assert.deepEqual(decideLeadership(contextOf(image), { lost: 1 }, leaderless), []);
  assert.equal(decideLeadership(contextOf(image), { lost: 1 }, inSyncOrEligible(1)).length, 1);
});
