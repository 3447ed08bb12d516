import assert from "node:assert/strict";
import { test } from "node:test";

import { ID, PARTITIONS, TransactionFixture } from "./transaction-fixture.ts";

test("the first partition begins the transaction; one that is in it writes nothing", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  assert.equal((await fixture.add()).error, "NONE");
  assert.equal(fixture.transaction.status, "ongoing");
  const writtenBefore = fixture.log.logEndOffset;
  assert.equal((await fixture.add()).error, "NONE");
  assert.equal(fixture.log.logEndOffset, writtenBefore);
});

test("a stranger, a zombie and one that comes while it ends are refused", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  const { producerId, producerEpoch } = fixture.transaction;
  const request = {
    kind: "add-partitions",
    transactionalId: ID,
    partitions: PARTITIONS,
    clientTransactionVersion: 2,
  } as const;
  const stranger = await fixture.submit({ ...request, producerId: 1n, producerEpoch });
  assert.equal(stranger.error, "INVALID_PRODUCER_ID_MAPPING");
  const zombie = await fixture.submit({ ...request, producerId, producerEpoch: -1 });
  assert.equal(zombie.error, "PRODUCER_FENCED");
  await fixture.add();
  await fixture.end(true);
  assert.equal((await fixture.add()).error, "CONCURRENT_TRANSACTIONS");
});

test("a verification names the partitions that are not in the transaction", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  await fixture.add();
  const { producerId, producerEpoch } = fixture.transaction;
  const reply = await fixture.submit({
    kind: "verify-partitions",
    transactionalId: ID,
    producerId,
    producerEpoch,
    partitions: new Map([
      ["orders", new Set([0, 1])],
      ["other", new Set([4])],
    ]),
  });
  assert.equal(reply.error, "NONE");
  assert.deepEqual(
    reply.missing,
    new Map([
      ["orders", new Set([1])],
      ["other", new Set([4])],
    ]),
  );
});
