import assert from "node:assert/strict";
import { test } from "node:test";
import { ListenerQuota } from "../../src/server/listener-quota.ts";

const unlimited = 2_147_483_647;

test("as many connections as allowed may be open, and one that leaves makes room", () => {
  const quota = new ListenerQuota("the listener A", {
    connectionsMax: 2,
    connectionsPerSecondMax: unlimited,
  });
  quota.enter(0);
  quota.enter(0);
  assert.equal(quota.refusal(0), "max.connections (2) of the listener A is reached");
  quota.leave();
  assert.equal(quota.refusal(0), undefined);
});

test("as many connections as allowed are made in a second, and the next second begins anew", () => {
  const quota = new ListenerQuota("the broker", {
    connectionsMax: unlimited,
    connectionsPerSecondMax: 2,
  });
  quota.enter(500);
  quota.enter(600);
  quota.leave();
  const refusal = "max.connection.creation.rate (2) of the broker is reached";
  assert.equal(quota.refusal(1499), refusal);
  assert.equal(quota.refusal(1500), undefined);
  quota.enter(1500);
  assert.equal(quota.refusal(1600), undefined);
  quota.enter(1600);
  assert.equal(quota.refusal(1700), refusal);
});

test("a rate of 0 lets nobody in", () => {
  const quota = new ListenerQuota("the broker", { connectionsMax: 5, connectionsPerSecondMax: 0 });
  assert.equal(quota.refusal(0), "the broker takes no connections");
});

test("changed limits hold for those who come from now on", () => {
  const quota = new ListenerQuota("the broker", {
    connectionsMax: 1,
    connectionsPerSecondMax: unlimited,
  });
  quota.enter(0);
  quota.updateLimits({ connectionsMax: 2, connectionsPerSecondMax: unlimited });
  assert.equal(quota.refusal(0), undefined);
});
