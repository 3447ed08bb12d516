import assert from "node:assert/strict";
import { test } from "node:test";

import { Fetch } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

/** What a reader of committed records gets told of `orders/0`. */
async function readCommitted(fixture: BrokerFixture) {
  const partition = { partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 };
  const answer = await fixture.request(Fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    isolationLevel: 1,
    topics: [{ topic: "orders", partitions: [partition] }],
  });
  const [told] = answer.responses[0]?.partitions ?? [];
  return {
    sizeBytes: told?.records?.length ?? 0,
    lastStableOffset: told?.lastStableOffset,
    aborted: (told?.abortedTransactions ?? []).map(({ firstOffset }) => firstOffset),
  };
}

test("nothing of an open transaction is read, all of it once it is committed", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  assert.equal(await producer.produce("orders", "a"), "NONE");
  assert.deepEqual(await readCommitted(fixture), {
    sizeBytes: 0,
    lastStableOffset: 0,
    aborted: [],
  });
  assert.equal(await producer.end(true), "NONE");
  await fixture.platform.clock.advance(100);
  const read = await readCommitted(fixture);
  assert.ok(read.sizeBytes > 0);
  assert.deepEqual([read.lastStableOffset, read.aborted], [2, []]);
});

test("an aborted transaction is named to readers", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  await producer.produce("orders", "a");
  assert.equal(await producer.end(false), "NONE");
  await fixture.platform.clock.advance(100);
  assert.deepEqual((await readCommitted(fixture)).aborted, [0]);
});

test("a decided end is carried out after the broker's crash", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  await producer.produce("orders", "a");
  assert.equal(await producer.end(true), "NONE");
  await fixture.crash("powerLoss");
  await fixture.platform.clock.advance(1000);
  assert.equal((await readCommitted(fixture)).lastStableOffset, 2);
});
