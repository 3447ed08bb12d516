import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, UnregisterBroker } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

test("a broker that is not registered cannot be forgotten", async () => {
  await using fixture = await BrokerFixture.start();
  const answer = await fixture.request(UnregisterBroker, 0, { brokerId: 9 });
  assert.equal(errorName(answer.errorCode), "BROKER_ID_NOT_REGISTERED");
});
