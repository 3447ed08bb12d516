import assert from "node:assert/strict";
import { test } from "node:test";

import { decideElectLeaders } from "../../src/controller/elect-leaders.ts";
import type { ElectLeadersInput } from "../../src/controller/requests.ts";
import { partitionOf } from "../../src/image/topics-image.ts";
import {
  brokerOf,
  clusterOf,
  contextOf,
  decideOn,
  idOf,
  imageAfter,
} from "../support/decisions.ts";

const PREFERRED = 0;
const UNCLEAN = 1;

// Partition 0: led by 2 though 1 comes first. 1: led by 1. 2: leaderless, its ISR (3) is fenced.
const image = imageAfter(clusterOf(brokerOf(1), brokerOf(2), brokerOf(3, { isFenced: true })), [
  { type: "TopicRecord", version: 0, data: { name: "t", topicId: idOf(1) } },
  ...[
    { leader: 2, replicas: [1, 2], isr: [1, 2] },
    { leader: 1, replicas: [1, 2], isr: [1, 2] },
    { leader: -1, replicas: [3, 2], isr: [3] },
  ].map(
    (partition, partitionId) =>
      ({
        type: "PartitionRecord",
        version: 2,
        data: {
          partitionId,
          topicId: idOf(1),
          removingReplicas: [],
          addingReplicas: [],
          leaderRecoveryState: 0,
          leaderEpoch: 0,
          partitionEpoch: 0,
          directories: partition.replicas.map((id) => idOf(2_000 + id)),
          eligibleLeaderReplicas: null,
          lastKnownElr: null,
          ...partition,
        },
      }) as const,
  ),
]);

function elect(electionType: number, topicPartitions: ElectLeadersInput["topicPartitions"]) {
  return decideOn(image, (context) =>
    decideElectLeaders(context, { electionType, topicPartitions }),
  );
}

test("a preferred election moves leadership to the first replica, where it is needed", () => {
  const { image: after, value } = elect(PREFERRED, [{ topic: "t", partitions: [0, 1, 9] }]);
  assert.equal(partitionOf(after.topics, "t", 0)?.leader, 1);
  assert.deepEqual(
    value.map(({ error }) => error),
    ["NONE", "ELECTION_NOT_NEEDED", "UNKNOWN_TOPIC_OR_PARTITION"],
  );
});

test("asked for every partition, those that need no election are left out", () => {
  const { value } = elect(PREFERRED, null);
  assert.deepEqual(
    value.map(({ partitionId, error }) => [partitionId, error]),
    [
      [0, "NONE"],
      [2, "PREFERRED_LEADER_NOT_AVAILABLE"],
    ],
  );
});

test("an unclean election leads with who is alive", () => {
  const { image: after, value } = elect(UNCLEAN, [{ topic: "t", partitions: [1, 2] }]);
  assert.deepEqual(
    value.map(({ error }) => error),
    ["ELECTION_NOT_NEEDED", "NONE"],
  );
  assert.equal(partitionOf(after.topics, "t", 2)?.leader, 2);
});

test("an unknown kind of election is refused as a whole", () => {
  const input = { electionType: 7, topicPartitions: null };
  const { answer } = decideElectLeaders(contextOf(image), input);
  assert.equal(answer.kind === "refused" && answer.error, "INVALID_REQUEST");
});
