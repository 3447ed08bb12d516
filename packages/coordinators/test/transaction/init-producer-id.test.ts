import assert from "node:assert/strict";
import { test } from "node:test";

import { ID, TransactionFixture } from "./transaction-fixture.ts";

const request = { kind: "init-producer-id", transactionalId: ID, timeoutMs: 60_000 } as const;

test("a new id gets epoch 0, and each producer after it the next epoch", async () => {
  const fixture = await TransactionFixture.open();
  const first = await fixture.init();
  const second = await fixture.init();
  assert.deepEqual([first.error, first.producerId, first.producerEpoch], ["NONE", 1000n, 0]);
  assert.deepEqual([second.producerId, second.producerEpoch], [1000n, 1]);
});

test("the coordinator asks for a producer id when it needs one", async () => {
  const fixture = await TransactionFixture.open();
  const reply = await fixture.submit({
    ...request,
    expected: undefined,
    freshProducerId: undefined,
  });
  assert.equal(reply.error, "needs-producer-id");
  assert.equal(fixture.shard.state.size, 0);
});

test("a time-out that is not above 0 or too long is refused", async () => {
  const fixture = await TransactionFixture.open();
  for (const timeoutMs of [0, -1, 900_001]) {
    const asked = { ...request, timeoutMs, expected: undefined, freshProducerId: 1n };
    assert.equal((await fixture.submit(asked)).error, "INVALID_TRANSACTION_TIMEOUT");
  }
});

test("an empty id is refused", async () => {
  const fixture = await TransactionFixture.open();
  const asked = { ...request, transactionalId: "", expected: undefined, freshProducerId: 1n };
  assert.equal((await fixture.submit(asked)).error, "INVALID_REQUEST");
});

test("a producer that recovers keeps its id and gets the next epoch; asked again, the same", async () => {
  const fixture = await TransactionFixture.open();
  const { producerId, producerEpoch } = await fixture.init();
  const recovered = await fixture.init({ producerId, producerEpoch });
  const again = await fixture.init({ producerId, producerEpoch });
  assert.deepEqual([recovered.producerEpoch, again.producerEpoch], [1, 1]);
});

test("a producer with an epoch from before is fenced", async () => {
  const fixture = await TransactionFixture.open();
  const { producerId, producerEpoch } = await fixture.init();
  await fixture.init();
  await fixture.init();
  const reply = await fixture.init({ producerId, producerEpoch });
  assert.equal(reply.error, "PRODUCER_FENCED");
  assert.equal((await fixture.init({ producerId: 5n, producerEpoch: 0 })).error, "PRODUCER_FENCED");
});

test("a transaction that is open is aborted first, with an epoch that fences its producer", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  await fixture.add();
  assert.equal((await fixture.init()).error, "CONCURRENT_TRANSACTIONS");
  assert.equal(fixture.transaction.status, "prepare-abort");
  assert.equal(fixture.transaction.producerEpoch, 1);
  assert.equal((await fixture.init()).error, "CONCURRENT_TRANSACTIONS");
  await fixture.writeMarkers();
  const reply = await fixture.init();
  assert.deepEqual([reply.error, reply.producerEpoch], ["NONE", 2]);
});

test("used-up epochs are followed by a new producer id", async () => {
  const fixture = await TransactionFixture.open();
  for (let epoch = 0; epoch <= 0x7ffe; epoch++) await fixture.init();
  assert.equal(fixture.transaction.producerEpoch, 0x7ffe);
  const before = fixture.transaction.producerId;
  const reply = await fixture.init();
  assert.notEqual(reply.producerId, before);
  assert.equal(reply.producerEpoch, 0);
});
