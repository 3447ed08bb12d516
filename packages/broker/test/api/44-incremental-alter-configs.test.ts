import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, IncrementalAlterConfigs } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

interface Change {
  readonly resourceType?: number;
  readonly resourceName?: string;
  readonly name: string;
  readonly value: string | null;
  readonly configOperation?: number;
}

async function alter(fixture: BrokerFixture, ...changes: readonly Change[]) {
  const answer = await fixture.request(IncrementalAlterConfigs, 1, {
    resources: changes.map((change) => ({
      resourceType: change.resourceType ?? 2,
      resourceName: change.resourceName ?? "orders",
      configs: [
        { name: change.name, value: change.value, configOperation: change.configOperation ?? 0 },
      ],
    })),
    validateOnly: false,
  });
  return answer.responses.map(({ errorCode }) => errorName(errorCode));
}

test("a topic's configuration acts on its log as soon as the change is answered", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const log = fixture.broker.services.replicas.partition("orders", 0)?.log;
  assert.deepEqual(await alter(fixture, { name: "max.message.bytes", value: "2000" }), ["NONE"]);
  assert.equal(log?.config.maxMessageBytes, 2000);
  const removal = { name: "max.message.bytes", value: null, configOperation: 1 };
  assert.deepEqual(await alter(fixture, removal), ["NONE"]);
  assert.equal(log?.config.maxMessageBytes, 1_048_588);
});

test("a broker's configuration reaches topics that do not have it", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const change = { resourceType: 4, name: "message.max.bytes", value: "3000" };
  assert.deepEqual(await alter(fixture, { ...change, resourceName: "" }), ["NONE"]);
  const log = fixture.broker.services.replicas.partition("orders", 0)?.log;
  assert.equal(log?.config.maxMessageBytes, 3000);
  assert.deepEqual(await alter(fixture, { ...change, resourceName: "2" }), ["INVALID_REQUEST"]);
});

test("a logger's level changes in this process", async () => {
  await using fixture = await BrokerFixture.start();
  const change = { resourceType: 8, resourceName: "1", name: "root", value: "WARN" };
  assert.deepEqual(await alter(fixture, change), ["NONE"]);
  assert.equal(fixture.platform.logLevels.levelOf("root"), "warn");
});

test("a resource named twice, an unknown topic and a bad value are refused", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const good = { name: "retention.ms", value: "5" };
  assert.deepEqual(await alter(fixture, good, good), ["INVALID_REQUEST", "INVALID_REQUEST"]);
  assert.deepEqual(await alter(fixture, { ...good, resourceName: "missing" }, good), [
    "UNKNOWN_TOPIC_OR_PARTITION",
    "NONE",
  ]);
  assert.deepEqual(await alter(fixture, { name: "retention.ms", value: "soon" }), [
    "INVALID_CONFIG",
  ]);
});

test("every group has configurations of its own; there are none for all of them", async () => {
  await using fixture = await BrokerFixture.start();
  const change = { resourceType: 32, name: "share.delivery.count.limit", value: "3" };
  assert.deepEqual(
    await alter(fixture, { ...change, resourceName: "" }, { ...change, resourceName: "queue" }),
    ["INVALID_REQUEST", "NONE"],
  );
});
