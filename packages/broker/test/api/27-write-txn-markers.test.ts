import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, ListOffsets, WriteTxnMarkers } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

test("an administrator ends a transaction that nobody ends, partition by partition", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  await producer.produce("orders", "a");
  const { producerId, producerEpoch } = producer;
  const answer = await fixture.request(WriteTxnMarkers, 1, {
    markers: [
      {
        producerId,
        producerEpoch,
        transactionResult: false,
        topics: [{ name: "orders", partitionIndexes: [0, 3] }],
        coordinatorEpoch: 0,
      },
    ],
  });
  const partitions = answer.markers[0]?.topics[0]?.partitions ?? [];
  assert.deepEqual(
    partitions.map(({ errorCode }) => errorName(errorCode)),
    ["NONE", "UNKNOWN_TOPIC_OR_PARTITION"],
  );
  const stable = await fixture.request(ListOffsets, 5, {
    replicaId: -1,
    isolationLevel: 1,
    topics: [{ name: "orders", partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
  });
  assert.equal(stable.topics[0]?.partitions[0]?.offset, 2);
});
