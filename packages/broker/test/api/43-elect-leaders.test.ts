import assert from "node:assert/strict";
import { test } from "node:test";

import { ElectLeaders, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("a leader that is preferred already needs no election; unknown partitions are named", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  for (let version = 0; version <= 2; version += 1) {
    const answer = await fixture.request(ElectLeaders, version, {
      ...(version >= 1 ? { electionType: 0 } : {}),
      topicPartitions: [{ topic: "orders", partitions: [0, 9] }],
    });
    const [result] = answer.replicaElectionResults;
    assert.deepEqual(
      result?.partitionResult.map(({ partitionId, errorCode }) => [
        partitionId,
        errorName(errorCode),
      ]),
      [
        [0, "ELECTION_NOT_NEEDED"],
        [9, "UNKNOWN_TOPIC_OR_PARTITION"],
      ],
    );
  }
});

test("asked for all partitions it tells only those that an election was for", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const answer = await fixture.request(ElectLeaders, 2, { electionType: 0, topicPartitions: null });
  assert.deepEqual(answer.replicaElectionResults, []);
});
