import assert from "node:assert/strict";
import { test } from "node:test";

import { TransactionFixture } from "./transaction-fixture.ts";

async function ongoing(transactionVersion = 2): Promise<TransactionFixture> {
  const fixture = await TransactionFixture.open({ transactionVersion });
  await fixture.init();
  await fixture.add(transactionVersion);
  return fixture;
}

test("a commit is answered with the epoch to go on with, and the markers carry it", async () => {
  const fixture = await ongoing();
  const reply = await fixture.end(true);
  assert.deepEqual([reply.error, reply.producerEpoch], ["NONE", 1]);
  await fixture.clock.advance(0);
  const [marker] = fixture.effects;
  assert.deepEqual([marker?.isCommit, marker?.producerEpoch], [true, 1]);
  assert.deepEqual(marker?.partitions, new Map([["orders", new Set([0])]]));
  await fixture.writeMarkers();
  assert.equal(fixture.transaction.status, "complete-commit");
  assert.equal(fixture.transaction.partitions.size, 0);
});

test("before KIP-890 the epoch stays", async () => {
  const fixture = await ongoing(0);
  const reply = await fixture.end(true, { version: 0 });
  assert.deepEqual([reply.error, reply.producerEpoch], ["NONE", 0]);
});

test("with epoch bumps the epoch tells a repeated end from the next one", async () => {
  const fixture = await ongoing();
  await fixture.end(true);
  // While the markers are written every end waits: repeated, of another kind, or the next one.
  assert.equal((await fixture.end(true, { epoch: 0 })).error, "CONCURRENT_TRANSACTIONS");
  assert.equal((await fixture.end(false, { epoch: 0 })).error, "CONCURRENT_TRANSACTIONS");
  assert.equal((await fixture.end(false, { epoch: 1 })).error, "CONCURRENT_TRANSACTIONS");
  await fixture.writeMarkers();
  const repeated = await fixture.end(true, { epoch: 0 });
  assert.deepEqual([repeated.error, repeated.producerEpoch], ["NONE", 1]);
  assert.equal((await fixture.end(false, { epoch: 0 })).error, "INVALID_TXN_STATE");
  assert.equal((await fixture.end(true, { epoch: 1 })).error, "INVALID_TXN_STATE");
  assert.equal((await fixture.end(true, { epoch: 9 })).error, "PRODUCER_FENCED");
  // An abort of nothing is an end of its own, and bumps the epoch.
  assert.deepEqual((await fixture.end(false, { epoch: 1 })).producerEpoch, 2);
});

test("a delayed end of an earlier transaction does not touch the open one", async () => {
  const fixture = await ongoing();
  await fixture.end(true);
  await fixture.writeMarkers();
  await fixture.add();
  assert.equal((await fixture.end(false, { epoch: 0 })).error, "PRODUCER_FENCED");
  assert.equal(fixture.transaction.status, "ongoing");
});

test("without epoch bumps the state alone judges a repeated end", async () => {
  const fixture = await ongoing(0);
  await fixture.end(false, { version: 0 });
  assert.equal((await fixture.end(false, { version: 0 })).error, "CONCURRENT_TRANSACTIONS");
  assert.equal((await fixture.end(true, { version: 0 })).error, "CONCURRENT_TRANSACTIONS");
  await fixture.writeMarkers();
  assert.equal((await fixture.end(false, { version: 0 })).error, "NONE");
  assert.equal((await fixture.end(true, { version: 0 })).error, "INVALID_TXN_STATE");
  assert.equal((await fixture.end(true, { version: 0, epoch: 4 })).error, "PRODUCER_FENCED");
});

test("nothing can be committed that has not begun; an empty abort is allowed", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  assert.equal((await fixture.end(true, { version: 0 })).error, "INVALID_TXN_STATE");
  assert.equal((await fixture.end(true)).error, "INVALID_TXN_STATE");
  assert.equal((await fixture.end(false)).error, "NONE");
});

test("an id that nobody has initialised has no transaction to end", async () => {
  const fixture = await TransactionFixture.open();
  const reply = await fixture.submit({
    kind: "end-transaction",
    transactionalId: "nobody",
    producerId: 1n,
    producerEpoch: 0,
    isCommit: true,
    clientTransactionVersion: 2,
    freshProducerId: undefined,
  });
  assert.equal(reply.error, "INVALID_PRODUCER_ID_MAPPING");
});

test("the last epoch ends with a new producer id, and its repetition is known", async () => {
  const fixture = await TransactionFixture.open();
  for (let epoch = 0; epoch <= 0x7ffe; epoch++) await fixture.init();
  await fixture.add();
  const { producerId } = fixture.transaction;
  const reply = await fixture.end(true);
  assert.equal(reply.producerEpoch, 0);
  assert.notEqual(reply.producerId, producerId);
  await fixture.writeMarkers();
  assert.equal(fixture.transaction.producerId, reply.producerId);
  const again = await fixture.submit({
    kind: "end-transaction",
    transactionalId: "orders",
    producerId,
    producerEpoch: 0x7ffe,
    isCommit: true,
    clientTransactionVersion: 2,
    freshProducerId: undefined,
  });
  assert.deepEqual([again.error, again.producerId], ["NONE", reply.producerId]);
});
