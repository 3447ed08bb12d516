import assert from "node:assert/strict";
import { test } from "node:test";

import { ID, PARTITIONS, TransactionFixture } from "./transaction-fixture.ts";

const everything = {
  kind: "list-transactions",
  states: new Set<string>(),
  producerIds: new Set<bigint>(),
  durationMsMin: -1,
  matches: () => true,
} as const;

test("a transaction is described as it stands; an unknown id is not found", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  await fixture.add();
  const kind = "describe-transaction";
  const known = await fixture.submit({ kind, transactionalId: ID });
  assert.deepEqual([known.state, known.producerEpoch, known.timeoutMs], ["Ongoing", 0, 60_000]);
  assert.deepEqual(known.partitions, PARTITIONS);
  const unknown = await fixture.submit({ kind, transactionalId: "nobody" });
  assert.equal(unknown.error, "TRANSACTIONAL_ID_NOT_FOUND");
  assert.equal((await fixture.submit({ kind, transactionalId: "" })).error, "INVALID_REQUEST");
});

test("a list keeps to states, producer ids, duration and pattern", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  await fixture.add();
  await fixture.clock.advance(5000);
  const listed = async (filter: object) =>
    (await fixture.submit({ ...everything, ...filter })).transactions.length;
  assert.equal(await listed({}), 1);
  assert.equal(await listed({ states: new Set(["Empty"]) }), 0);
  assert.equal(await listed({ states: new Set(["Ongoing"]) }), 1);
  assert.equal(await listed({ producerIds: new Set([1n]) }), 0);
  assert.equal(await listed({ durationMsMin: 4999 }), 1);
  assert.equal(await listed({ durationMsMin: 5000 }), 0);
  assert.equal(await listed({ matches: (id: string) => id !== ID }), 0);
});
