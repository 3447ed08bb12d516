import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, UpdateFeatures } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

test("an unknown feature is INVALID_UPDATE_VERSION for the whole request", async () => {
  await using fixture = await BrokerFixture.start();
  const featureUpdates = [{ feature: "nobody.version", maxVersionLevel: 1 }];
  const first = await fixture.request(UpdateFeatures, 1, { featureUpdates });
  assert.equal(errorName(first.errorCode), "INVALID_UPDATE_VERSION");
  assert.deepEqual(first.results, []);
  const second = await fixture.request(UpdateFeatures, 2, { featureUpdates });
  assert.equal(errorName(second.errorCode), "INVALID_UPDATE_VERSION");
});

test("a level goes down only when the client says so", async () => {
  await using fixture = await BrokerFixture.start();
  const level = (): number | undefined =>
    fixture.broker.services.image().features.levels.get("share.version");
  const before = level();
  const down = { feature: "share.version", maxVersionLevel: 0 };
  const refused = await fixture.request(UpdateFeatures, 2, { featureUpdates: [down] });
  assert.notEqual(refused.errorCode, 0);
  assert.equal(level(), before);
  const featureUpdates = [{ ...down, upgradeType: 2 }];
  const allowed = await fixture.request(UpdateFeatures, 2, { featureUpdates });
  assert.equal(allowed.errorCode, 0);
  assert.equal(level() ?? 0, 0);
});
