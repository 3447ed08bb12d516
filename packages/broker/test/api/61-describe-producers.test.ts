import assert from "node:assert/strict";
import { test } from "node:test";

import { buildRecordBatch, DescribeProducers, errorName, Produce } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("the leader tells its producers, and names partitions that it does not have", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const record = { key: null, value: Buffer.from("a"), timestamp: 7 };
  const records = buildRecordBatch([record, record], {
    producerId: 42n,
    producerEpoch: 3,
    baseSequence: 0,
  });
  const topicData = [{ name: "orders", partitionData: [{ index: 0, records }] }];
  await fixture.request(Produce, 9, { acks: -1, timeoutMs: 1000, topicData });
  const answer = await fixture.request(DescribeProducers, 0, {
    topics: [{ name: "orders", partitionIndexes: [0, 4] }],
  });
  const [own, missing] = answer.topics[0]?.partitions ?? [];
  assert.deepEqual(
    own?.activeProducers.map(({ producerId, producerEpoch, lastSequence }) => [
      producerId,
      producerEpoch,
      lastSequence,
    ]),
    [[42n, 3, 1]],
  );
  assert.equal(errorName(missing?.errorCode ?? 0), "UNKNOWN_TOPIC_OR_PARTITION");
});
