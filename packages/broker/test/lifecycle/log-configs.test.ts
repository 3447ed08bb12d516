import assert from "node:assert/strict";
import { test } from "node:test";

import { IncrementalAlterConfigs } from "@millrace/protocol";

import { logConfigResolver } from "../../src/lifecycle/log-configs.ts";
import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("topics without configurations share one; a change of the broker makes a new", async () => {
  await using fixture = await BrokerFixture.start();
  for (const topic of ["one", "two"]) await createTopic(fixture, topic);
  await createTopic(fixture, "own", { "retention.ms": "5" });
  const { dynamicConfig, image } = fixture.broker.services;
  const configOf = logConfigResolver(dynamicConfig);
  const before = configOf("one", image());
  assert.equal(configOf("two", image()), before);
  assert.equal(configOf("own", image()).retentionMs, 5);
  const configs = [{ name: "message.max.bytes", configOperation: 0, value: "3000" }];
  const resources = [{ resourceType: 4, resourceName: "", configs }];
  await fixture.request(IncrementalAlterConfigs, 1, { resources, validateOnly: false });
  const after = configOf("one", image());
  assert.equal(after.maxMessageBytes, 3000);
  assert.equal(configOf("two", image()), after);
});
