import assert from "node:assert/strict";
import { test } from "node:test";

import { DescribeTransactions, errorName, ListTransactions } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

test("transactions are listed by state, with the filters nobody knows", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  await producer.produce("orders", "a");
  const list = async (...stateFilters: string[]) => {
    const body = { stateFilters, producerIdFilters: [] };
    const answer = await fixture.request(ListTransactions, 1, body);
    return [
      answer.transactionStates.map((each) => each.transactionState),
      answer.unknownStateFilters,
    ];
  };
  assert.deepEqual(await list(), [["Ongoing"], []]);
  assert.deepEqual(await list("Empty"), [[], []]);
  assert.deepEqual(await list("Nonsense"), [[], ["Nonsense"]]);
  assert.deepEqual(await list("Ongoing", "Nonsense"), [["Ongoing"], ["Nonsense"]]);
});

test("transactions are listed by a pattern for their ids, which must be one", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  await producer.produce("orders", "a");
  const list = async (transactionalIdPattern: string | null) => {
    const body = { stateFilters: [], producerIdFilters: [], transactionalIdPattern };
    const answer = await fixture.request(ListTransactions, 2, body);
    const ids = answer.transactionStates.map((each) => each.transactionalId);
    return [errorName(answer.errorCode), ids];
  };
  const { transactionalId } = producer;
  assert.deepEqual(await list(null), ["NONE", [transactionalId]]);
  assert.deepEqual(await list(`${transactionalId.slice(0, 1)}.*`), ["NONE", [transactionalId]]);
  assert.deepEqual(await list(transactionalId.slice(0, 1)), ["NONE", []]);
  assert.deepEqual(await list("(a"), ["INVALID_REGULAR_EXPRESSION", []]);
});

test("a pattern that would stop the event loop for long is refused", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture, "x".repeat(200));
  await producer.produce("orders", "a");
  const answer = await fixture.request(ListTransactions, 2, {
    stateFilters: [],
    producerIdFilters: [],
    transactionalIdPattern: `${".{0,999}".repeat(4)}z`,
  });
  assert.equal(errorName(answer.errorCode), "INVALID_REGULAR_EXPRESSION");
});

test("a transaction is described with its partitions; an unknown one is not found", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  await producer.produce("orders", "a");
  const answer = await fixture.request(DescribeTransactions, 0, {
    transactionalIds: [producer.transactionalId, "nobody"],
  });
  const [known, unknown] = answer.transactionStates;
  assert.deepEqual(
    [known?.transactionState, known?.producerId, known?.topics],
    ["Ongoing", producer.producerId, [{ topic: "orders", partitions: [0] }]],
  );
  assert.equal(errorName(unknown?.errorCode ?? 0), "TRANSACTIONAL_ID_NOT_FOUND");
});
