import assert from "node:assert/strict";
import { test } from "node:test";

import { FindCoordinator } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

test("before version 4 a coordinator comes with NONE in words, as from Apache Kafka", async () => {
  await using fixture = await BrokerFixture.start();
  const one = await fixture.request(FindCoordinator, 3, { key: "g", keyType: 0 });
  assert.deepEqual([one.errorCode, one.errorMessage], [0, "NONE"]);
  const many = await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  assert.equal(many.coordinators[0]?.errorMessage, "");
});
