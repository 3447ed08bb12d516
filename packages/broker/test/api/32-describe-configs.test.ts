import assert from "node:assert/strict";
import { test } from "node:test";

import { DescribeConfigs, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

async function describe(
  fixture: BrokerFixture,
  resource: { readonly resourceType: number; readonly resourceName: string },
  configurationKeys: readonly string[] | null = null,
  version = 4,
) {
  const answer = await fixture.request(DescribeConfigs, version, {
    resources: [{ ...resource, configurationKeys }],
    includeSynonyms: true,
  });
  const [result] = answer.results;
  assert.ok(result !== undefined);
  return result;
}

test("every version tells a topic's configurations and where they come from", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", { "retention.ms": "1000" });
  for (let version = 1; version <= 4; version += 1) {
    const result = await describe(
      fixture,
      { resourceType: 2, resourceName: "orders" },
      ["retention.ms"],
      version,
    );
    assert.deepEqual(
      result.configs.map(({ name, value, configSource }) => [name, value, configSource]),
      [["retention.ms", "1000", 1]],
    );
  }
});

test("topics, brokers, loggers, subscriptions and groups are told; strangers are refused", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const cases = [
    [2, "orders", "NONE"],
    [2, "missing", "UNKNOWN_TOPIC_OR_PARTITION"],
    [2, "no/good", "INVALID_TOPIC_EXCEPTION"],
    [4, "1", "NONE"],
    [4, "", "NONE"],
    [4, "2", "INVALID_REQUEST"],
    [4, "one", "INVALID_REQUEST"],
    [8, "1", "NONE"],
    [8, "2", "INVALID_REQUEST"],
    [16, "subscription", "NONE"],
    [16, "", "INVALID_REQUEST"],
    [32, "group", "NONE"],
    [32, "", "INVALID_REQUEST"],
    [99, "1", "INVALID_REQUEST"],
  ] as const;
  for (const [resourceType, resourceName, error] of cases) {
    const result = await describe(fixture, { resourceType, resourceName });
    assert.equal(errorName(result.errorCode), error, `${resourceType} ${resourceName}`);
  }
});
