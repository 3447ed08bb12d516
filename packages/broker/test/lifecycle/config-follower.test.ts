import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, IncrementalAlterConfigs } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

test("a broker's configuration in the metadata counts at once and after a restart", async () => {
  await using fixture = await BrokerFixture.start();
  const answer = await fixture.request(IncrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType: 4,
        resourceName: "1",
        configs: [{ name: "max.connections", configOperation: 0, value: "17" }],
      },
    ],
    validateOnly: false,
  });
  assert.equal(errorName(answer.responses[0]?.errorCode ?? -1), "NONE");
  assert.equal(fixture.broker.services.config().maxConnections, 17);
  await fixture.restart();
  assert.equal(fixture.broker.services.config().maxConnections, 17);
});
