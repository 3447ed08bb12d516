import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, InitProducerId } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

const idempotent = { transactionalId: null, transactionTimeoutMs: 60_000 };

test("each idempotent producer gets an id of its own with epoch 0", async () => {
  await using fixture = await BrokerFixture.start();
  const ids = new Set<bigint>();
  for (const version of [0, 2, 5]) {
    const answer = await fixture.request(InitProducerId, version, idempotent);
    assert.deepEqual([errorName(answer.errorCode), answer.producerEpoch], ["NONE", 0]);
    ids.add(answer.producerId);
  }
  assert.equal(ids.size, 3);
});

test("half an identity and an empty transactional id are refused", async () => {
  await using fixture = await BrokerFixture.start();
  for (const wrong of [{ producerId: 5n }, { producerEpoch: 1 }, { transactionalId: "" }]) {
    const answer = await fixture.request(InitProducerId, 5, { ...idempotent, ...wrong });
    assert.equal(errorName(answer.errorCode), "INVALID_REQUEST");
  }
});

test("a transactional producer fences the one before it; old versions know it by its epoch", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const first = await TransactionalProducer.start(fixture);
  const second = await TransactionalProducer.start(fixture);
  const third = await TransactionalProducer.start(fixture);
  assert.equal(third.producerEpoch, second.producerEpoch + 1);
  assert.equal(await first.produce("orders", "zombie"), "INVALID_PRODUCER_EPOCH");
  const { transactionalId, producerId, producerEpoch } = first;
  const body = { transactionalId, transactionTimeoutMs: 60_000, producerId, producerEpoch };
  for (const [version, error] of [
    [3, "INVALID_PRODUCER_EPOCH"],
    [4, "PRODUCER_FENCED"],
  ] as const) {
    const answer = await fixture.request(InitProducerId, version, body);
    assert.equal(errorName(answer.errorCode), error);
  }
});

test("a time-out above transaction.max.timeout.ms is refused", async () => {
  await using fixture = await BrokerFixture.start();
  const { transactionalId } = await TransactionalProducer.start(fixture);
  const body = { transactionalId, transactionTimeoutMs: 900_001 };
  const answer = await fixture.request(InitProducerId, 5, body);
  assert.equal(errorName(answer.errorCode), "INVALID_TRANSACTION_TIMEOUT");
});
