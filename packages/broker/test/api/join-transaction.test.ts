import assert from "node:assert/strict";
import { test } from "node:test";

import {
  buildRecordBatch,
  CreateAcls,
  DescribeTransactions,
  errorName,
  Produce,
} from "@millrace/protocol";

import { allow, withAuthorizer } from "../support/acls.ts";
import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

test("a batch of a former transaction never lands in a later one", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  await producer.produce("orders", "a");
  const delayed = producer.producerEpoch;
  await producer.end(true);
  await fixture.platform.clock.advance(100);
  await producer.produce("orders", "b");
  const current = producer.producerEpoch;
  producer.producerEpoch = delayed;
  assert.equal(await producer.produce("orders", "late"), "INVALID_PRODUCER_EPOCH");
  producer.producerEpoch = current;
  assert.equal(await producer.produce("orders", "c"), "NONE");
});

test("an older producer must have added its partition", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  assert.equal(await producer.produce("orders", "a", 9), "INVALID_TXN_STATE");
  assert.equal(await producer.produce("orders", "a", 11), "TRANSACTION_ABORTABLE");
  assert.equal(await producer.add("orders"), "NONE");
  assert.equal(await producer.produce("orders", "a", 9), "NONE");
});

test("without verification an older producer is taken at its word", async () => {
  const config = { "transaction.partition.verification.enable": "false" };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  assert.equal(await producer.produce("orders", "a", 9), "NONE");
});

test("a transactional batch in a request without a transactional id is refused", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const record = { key: null, value: null, timestamp: 7 };
  const producer = { producerId: 5n, producerEpoch: 0, baseSequence: 0 };
  const records = buildRecordBatch([record], { ...producer, isTransactional: true });
  const answer = await fixture.request(Produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: "orders", partitionData: [{ index: 0, records }] }],
  });
  const [told] = answer.responses[0]?.partitionResponses ?? [];
  assert.equal(errorName(told?.errorCode ?? 0), "TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
});

async function topicsOfTransaction(fixture: BrokerFixture): Promise<readonly string[]> {
  const asked = { transactionalIds: ["tx"] };
  const answer = await fixture.request(DescribeTransactions, 0, asked);
  return answer.transactionStates.flatMap(({ topics }) => topics.map(({ topic }) => topic));
}

test("a topic that may not be written to does not join a transaction, and gets no marker", async () => {
  await using fixture = await BrokerFixture.start({ config: withAuthorizer });
  fixture.actAs("admin");
  await createTopic(fixture, "orders");
  await createTopic(fixture, "secret");
  const creations = [
    allow("alice", "WRITE", "TRANSACTIONAL_ID", "tx"),
    allow("alice", "WRITE", "TOPIC", "orders"),
  ];
  await fixture.request(CreateAcls, 3, { creations });
  fixture.actAs("alice");
  const producer = await TransactionalProducer.start(fixture);
  assert.equal(await producer.produce("orders", "a"), "NONE");
  assert.equal(await producer.produce("secret", "b"), "TOPIC_AUTHORIZATION_FAILED");
  fixture.actAs("admin");
  assert.deepEqual(await topicsOfTransaction(fixture), ["orders"]);
});

test("an internal topic does not join a transaction by Produce or AddPartitionsToTxn", async () => {
  await using fixture = await BrokerFixture.start();
  const producer = await TransactionalProducer.start(fixture);
  const topic = "__transaction_state";
  assert.equal(await producer.produce(topic, "a"), "INVALID_TOPIC_EXCEPTION");
  assert.equal(await producer.add(topic), "TOPIC_AUTHORIZATION_FAILED");
  assert.deepEqual(await topicsOfTransaction(fixture), []);
});
