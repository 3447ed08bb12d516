import assert from "node:assert/strict";
import { test } from "node:test";

import { DescribeQuorum, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const quorum = { topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] };

test("the one voter is this node, which leads and has everything", async () => {
  await using fixture = await BrokerFixture.start({ config: { "node.id": "1" } });
  const before = await fixture.request(DescribeQuorum, 2, { topics: [quorum] });
  await createTopic(fixture, "orders");
  const answer = await fixture.request(DescribeQuorum, 2, { topics: [quorum] });
  const [was] = before.topics[0]?.partitions ?? [];
  const [now] = answer.topics[0]?.partitions ?? [];
  assert.ok(was !== undefined && now !== undefined);
  assert.equal(now.leaderId, 1);
  assert.ok(now.highWatermark > was.highWatermark);
  assert.ok(now.leaderEpoch >= 1);
  assert.deepEqual(
    now.currentVoters.map(({ replicaId, logEndOffset }) => [replicaId, logEndOffset]),
    [[1, now.highWatermark]],
  );
  assert.deepEqual(now.observers, []);
  assert.deepEqual(
    answer.nodes.map(({ nodeId }) => nodeId),
    [1],
  );
});

test("a restart begins another epoch", async () => {
  await using fixture = await BrokerFixture.start();
  const epoch = async (): Promise<number> => {
    const answer = await fixture.request(DescribeQuorum, 0, { topics: [quorum] });
    return answer.topics[0]?.partitions[0]?.leaderEpoch ?? -1;
  };
  const first = await epoch();
  await fixture.restart();
  assert.ok((await epoch()) > first);
});

test("only the metadata has a quorum", async () => {
  await using fixture = await BrokerFixture.start();
  const others = [
    [{ topicName: "orders", partitions: [{ partitionIndex: 0 }] }],
    [{ ...quorum, partitions: [{ partitionIndex: 1 }] }],
    [quorum, quorum],
  ];
  for (const topics of others) {
    const answer = await fixture.request(DescribeQuorum, 1, { topics });
    const [partition] = answer.topics[0]?.partitions ?? [];
    assert.equal(errorName(partition?.errorCode ?? 0), "UNKNOWN_TOPIC_OR_PARTITION");
  }
});
