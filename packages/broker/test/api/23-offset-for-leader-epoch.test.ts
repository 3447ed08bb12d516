import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, OffsetForLeaderEpoch, Produce } from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("every version tells where an epoch ended; fenced and unknown callers are named", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const topicData = [{ name: "orders", partitionData: [{ index: 0, records: batchOf("a", "b") }] }];
  await fixture.request(Produce, 9, { acks: -1, timeoutMs: 1000, topicData });
  await fixture.restart();
  const ask = async (version: number, leaderEpoch: number, currentLeaderEpoch = -1) => {
    const answer = await fixture.request(OffsetForLeaderEpoch, version, {
      topics: [
        { topic: "orders", partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] },
      ],
    });
    const partition = answer.topics[0]?.partitions[0];
    return [errorName(partition?.errorCode ?? -1), partition?.leaderEpoch, partition?.endOffset];
  };
  for (const version of [2, 3, 4]) {
    assert.deepEqual(await ask(version, 0), ["NONE", 0, 2]);
    assert.deepEqual(await ask(version, 99), ["NONE", -1, -1]);
  }
  assert.deepEqual(await ask(4, 0, 0), ["FENCED_LEADER_EPOCH", -1, -1]);
  assert.deepEqual(await ask(4, 0, 99), ["UNKNOWN_LEADER_EPOCH", -1, -1]);
});
