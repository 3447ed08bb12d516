import assert from "node:assert/strict";
import { test } from "node:test";

import { ID, TransactionFixture } from "./transaction-fixture.ts";

test("a transaction whose time is up is aborted, and its producer fenced", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  await fixture.add();
  await fixture.clock.advance(60_000);
  assert.equal(fixture.transaction.status, "ongoing");
  await fixture.clock.advance(10_000);
  assert.equal(fixture.transaction.status, "prepare-abort");
  await fixture.writeMarkers();
  assert.equal(fixture.transaction.status, "complete-abort");
  assert.equal((await fixture.end(true, { epoch: 0 })).error, "INVALID_TXN_STATE");
});

test("an id that nobody uses is forgotten, one in use is not", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  await fixture.clock.advance(604_800_000 - 3_600_000);
  assert.ok(fixture.shard.state.has(ID));
  await fixture.clock.advance(2 * 3_600_000);
  assert.equal(fixture.shard.state.has(ID), false);
});
