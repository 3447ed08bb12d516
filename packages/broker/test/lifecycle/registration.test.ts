import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

function own(fixture: BrokerFixture) {
  const broker = fixture.broker.services.image().brokers.get(1);
  assert.ok(broker !== undefined);
  return broker;
}

test("each start has a higher broker epoch; a stop gives up leadership, a start takes it again", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const before = own(fixture);
  assert.equal(before.isFenced, false);
  const epochBefore = fixture.broker.services.replicas.partition("orders", 0)?.leaderEpoch ?? -1;
  await fixture.restart();
  const after = own(fixture);
  assert.ok(after.epoch > before.epoch);
  assert.equal(after.isFenced, false);
  const partition = fixture.broker.services.replicas.partition("orders", 0);
  assert.equal(partition?.isLeader, true);
  assert.ok(partition.leaderEpoch > epochBefore);
});
