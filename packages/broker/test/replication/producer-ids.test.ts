import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture } from "../support/broker-fixture.ts";

test("no producer id is given out twice, by one start or by the next", async () => {
  await using fixture = await BrokerFixture.start();
  const seen = new Set<bigint>();
  const take = async (count: number): Promise<void> => {
    const { producerIds } = fixture.broker.services;
    const waiting = Array.from({ length: count }, () => producerIds.allocate());
    for (const outcome of await fixture.settled(Promise.all(waiting))) {
      assert.ok(outcome.kind === "allocated");
      assert.equal(seen.has(outcome.producerId), false);
      seen.add(outcome.producerId);
    }
  };
  await take(1500);
  await fixture.crash("powerLoss");
  await take(1500);
  assert.equal(seen.size, 3000);
});
