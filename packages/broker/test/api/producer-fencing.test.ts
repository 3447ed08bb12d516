import assert from "node:assert/strict";
import { test } from "node:test";

import { AddOffsetsToTxn, AddPartitionsToTxn, EndTxn, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

test("a fenced producer hears PRODUCER_FENCED from the version on that knows it", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const old = await TransactionalProducer.start(fixture);
  await TransactionalProducer.start(fixture);
  const { transactionalId, producerId, producerEpoch } = old;
  const claim = { transactionalId, producerId, producerEpoch };
  const told = async (version: number): Promise<readonly string[]> => {
    const end = await fixture.request(EndTxn, version, { ...claim, committed: true });
    const offsets = await fixture.request(AddOffsetsToTxn, version, { ...claim, groupId: "g" });
    const partitions = await fixture.request(AddPartitionsToTxn, version, {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: "orders", partitions: [0] }],
    });
    const added = partitions.resultsByTopicV3AndBelow[0]?.resultsByPartition[0];
    return [end.errorCode, offsets.errorCode, added?.partitionErrorCode ?? 0].map((code) =>
      errorName(code),
    );
  };
  assert.deepEqual(await told(1), thrice("INVALID_PRODUCER_EPOCH"));
  assert.deepEqual(await told(2), thrice("PRODUCER_FENCED"));
});

function thrice(name: string): readonly string[] {
  return [name, name, name];
}
