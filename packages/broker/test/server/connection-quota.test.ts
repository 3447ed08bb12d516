import assert from "node:assert/strict";
import { test } from "node:test";

import { ConnectionQuota } from "../../src/server/connection-quota.ts";

test("connections are counted in all and by address, and overrides win", () => {
  const quota = new ConnectionQuota({
    connectionsMax: 4,
    connectionsPerHostMax: 2,
    overridesByHost: new Map([["10.0.0.9", 1]]),
  });
  assert.equal(quota.enter("10.0.0.1"), undefined);
  assert.equal(quota.enter("10.0.0.1"), undefined);
  assert.match(quota.enter("10.0.0.1") ?? "", /max\.connections\.per\.ip \(2\)/);
  assert.equal(quota.enter("10.0.0.9"), undefined);
  assert.match(quota.enter("10.0.0.9") ?? "", /max\.connections\.per\.ip \(1\)/);
  assert.equal(quota.enter("10.0.0.2"), undefined);
  assert.match(quota.enter("10.0.0.3") ?? "", /max\.connections \(4\)/);
  assert.equal(quota.count, 4);
  quota.leave("10.0.0.1");
  assert.equal(quota.enter("10.0.0.1"), undefined);
});

test("an override is for an address, in whatever form", () => {
  const quota = new ConnectionQuota({
    connectionsMax: 4,
    connectionsPerHostMax: 0,
    overridesByHost: new Map([["0:0:0:0:0:0:0:1", 1]]),
  });
  assert.equal(quota.enter("::1"), undefined);
});
