import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, IncrementalAlterConfigs, ListConfigResources } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("version 0 tells subscriptions, version 1 every kind or those asked for", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await fixture.request(IncrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType: 16,
        resourceName: "mine",
        configs: [{ name: "interval.ms", configOperation: 0, value: "60000" }],
      },
    ],
    validateOnly: false,
  });
  const old = await fixture.request(ListConfigResources, 0, {});
  assert.deepEqual(
    old.configResources.map(({ resourceName }) => resourceName),
    ["mine"],
  );
  const all = await fixture.request(ListConfigResources, 1, { resourceTypes: [] });
  assert.deepEqual(
    all.configResources.map(({ resourceType, resourceName }) => [resourceType, resourceName]),
    [
      [2, "orders"],
      [4, "1"],
      [8, "1"],
      [16, "mine"],
    ],
  );
  const unknown = await fixture.request(ListConfigResources, 1, { resourceTypes: [99] });
  assert.equal(errorName(unknown.errorCode), "UNSUPPORTED_VERSION");
});
