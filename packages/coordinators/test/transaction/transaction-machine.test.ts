import assert from "node:assert/strict";
import { test } from "node:test";
import { SimRandom } from "@millrace/platform/sim";

import { TransactionFixture } from "./transaction-fixture.ts";

test("a new coordinator has the markers of decided ends written again", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  await fixture.add();
  await fixture.end(true);
  fixture.shard.close();
  const next = await TransactionFixture.open({ log: fixture.log });
  await next.clock.advance(0);
  assert.equal(next.effects.length, 1);
  await next.writeMarkers();
  assert.equal(next.transaction.status, "complete-commit");
});

test("replay from empty gives the live state, whatever was asked", async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = new SimRandom(seed);
    const fixture = await TransactionFixture.open({ transactionVersion: 1 + random.nextInt(2) });
    await fixture.init();
    for (let step = 0; step < 40; step++) {
      await [
        () => fixture.init(),
        () => fixture.add(random.nextInt(3)),
        () => fixture.end(random.nextInt(2) === 0, { version: random.nextInt(3) }),
        () => fixture.writeMarkers(),
        () => fixture.clock.advance(random.nextInt(40_000)),
      ][random.nextInt(5)]?.();
    }
    const replayed = await TransactionFixture.open({ log: fixture.log });
    // The epoch before the last one is not in the log, as in Apache Kafka.
    const { lastProducerEpoch: _live, ...live } = fixture.transaction;
    const { lastProducerEpoch: _replayed, ...again } = replayed.transaction;
    assert.deepEqual(again, live, `seed ${seed}`);
  }
});

test("what the log refuses changes nothing", async () => {
  const fixture = await TransactionFixture.open();
  await fixture.init();
  fixture.log.refusal = "NOT_ENOUGH_REPLICAS";
  assert.equal((await fixture.add()).error, "COORDINATOR_NOT_AVAILABLE");
  assert.equal(fixture.transaction.status, "empty");
  fixture.log.refusal = "KAFKA_STORAGE_ERROR";
  assert.equal((await fixture.end(false)).error, "NOT_COORDINATOR");
});
