import assert from "node:assert/strict";
import { test } from "node:test";

import { AddPartitionsToTxn, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

test("all partitions are added or none", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  const answer = await fixture.request(AddPartitionsToTxn, 0, {
    v3AndBelowTransactionalId: producer.transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: [{ name: "orders", partitions: [0, 7] }],
    transactions: [],
  });
  const results = answer.resultsByTopicV3AndBelow[0]?.resultsByPartition ?? [];
  assert.deepEqual(
    results.map(({ partitionErrorCode }) => errorName(partitionErrorCode)),
    ["OPERATION_NOT_ATTEMPTED", "UNKNOWN_TOPIC_OR_PARTITION"],
  );
  assert.equal(await producer.add("orders"), "NONE");
});

test("a broker verifies many transactions at once", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", {}, 2);
  const producer = await TransactionalProducer.start(fixture);
  await producer.add("orders");
  const { transactionalId, producerId, producerEpoch } = producer;
  const topics = [{ name: "orders", partitions: [0, 1] }];
  const transaction = { transactionalId, producerId, producerEpoch, verifyOnly: true, topics };
  for (const [version, missing] of [
    [4, "INVALID_TXN_STATE"],
    [5, "TRANSACTION_ABORTABLE"],
  ] as const) {
    const answer = await fixture.request(AddPartitionsToTxn, version, {
      transactions: [transaction],
    });
    const [result] = answer.resultsByTransaction;
    assert.equal(result?.transactionalId, transactionalId);
    const codes = result?.topicResults[0]?.resultsByPartition ?? [];
    assert.deepEqual(
      codes.map(({ partitionErrorCode }) => errorName(partitionErrorCode)),
      ["NONE", missing],
    );
  }
});
