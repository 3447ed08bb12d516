import assert from "node:assert/strict";
import { test } from "node:test";

import { ListTransactions } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

async function countOfIds(fixture: BrokerFixture): Promise<number> {
  const body = { stateFilters: [], producerIdFilters: [], transactionalIdPattern: null };
  return (await fixture.request(ListTransactions, 2, body)).transactionStates.length;
}

test("transactional.id.expiration.ms: an id that nobody uses for so long is forgotten", async () => {
  await using fixture = await BrokerFixture.start({
    config: {
      "transactional.id.expiration.ms": "60000",
      "transaction.remove.expired.transaction.cleanup.interval.ms": "10000",
    },
  });
  await TransactionalProducer.start(fixture);
  await fixture.platform.clock.advance(55_000);
  assert.equal(await countOfIds(fixture), 1);
  await fixture.platform.clock.advance(20_000);
  assert.equal(await countOfIds(fixture), 0);
});

test("transaction.remove.expired.transaction.cleanup.interval.ms says how often that is looked at", async () => {
  await using fixture = await BrokerFixture.start({
    config: {
      "transactional.id.expiration.ms": "60000",
      "transaction.remove.expired.transaction.cleanup.interval.ms": "600000",
    },
  });
  await TransactionalProducer.start(fixture);
  await fixture.platform.clock.advance(300_000);
  assert.equal(await countOfIds(fixture), 1, "nobody has looked yet");
  await fixture.platform.clock.advance(400_000);
  assert.equal(await countOfIds(fixture), 0);
});
