import assert from "node:assert/strict";
import { test } from "node:test";

import { DeleteTopics, errorName, ZERO_UUID } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

function named(name: string) {
  return { name, topicId: ZERO_UUID };
}

test("every version deletes by name", async () => {
  await using fixture = await BrokerFixture.start();
  for (let version = 1; version <= 6; version += 1) {
    await createTopic(fixture, "orders");
    const names = version >= 6 ? { topics: [named("orders")] } : { topicNames: ["orders"] };
    const answer = await fixture.request(DeleteTopics, version, { ...names, timeoutMs: 1000 });
    assert.equal(answer.responses[0]?.errorCode, 0);
    assert.equal(fixture.broker.services.replicas.partition("orders", 0), undefined);
  }
});

test("version 6 deletes by id, and refuses what is unclear", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await createTopic(fixture, "payments");
  const { byName } = fixture.broker.services.image().topics;
  const orders = byName.get("orders")?.id;
  const payments = byName.get("payments")?.id;
  assert.ok(orders !== undefined && payments !== undefined);
  const answer = await fixture.request(DeleteTopics, 6, {
    topics: [
      { topicId: orders },
      { name: "payments", topicId: payments },
      { name: null, topicId: ZERO_UUID },
      named("missing"),
    ],
    timeoutMs: 1000,
  });
  assert.deepEqual(
    answer.responses.map(({ name, errorCode }) => [name, errorName(errorCode)]),
    [
      ["orders", "NONE"],
      ["payments", "INVALID_REQUEST"],
      [null, "INVALID_REQUEST"],
      ["missing", "UNKNOWN_TOPIC_OR_PARTITION"],
    ],
  );
  assert.deepEqual([...fixture.broker.services.image().topics.byName.keys()], ["payments"]);
});

test("a topic named twice is refused and kept", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const answer = await fixture.request(DeleteTopics, 6, {
    topics: [named("orders"), named("orders")],
    timeoutMs: 1000,
  });
  assert.deepEqual(
    answer.responses.map(({ errorCode }) => errorName(errorCode)),
    ["INVALID_REQUEST"],
  );
  assert.ok(fixture.broker.services.image().topics.byName.has("orders"));
});

test("delete.topic.enable=false keeps every topic", async () => {
  await using fixture = await BrokerFixture.start({ config: { "delete.topic.enable": "false" } });
  await createTopic(fixture, "orders");
  const ask = async (version: number): Promise<string> => {
    const names = version >= 6 ? { topics: [named("orders")] } : { topicNames: ["orders"] };
    const answer = await fixture.request(DeleteTopics, version, { ...names, timeoutMs: 1000 });
    return errorName(answer.responses[0]?.errorCode ?? 0);
  };
  assert.equal(await ask(6), "TOPIC_DELETION_DISABLED");
  assert.equal(await ask(2), "INVALID_REQUEST");
  assert.ok(fixture.broker.services.image().topics.byName.has("orders"));
});

test("a topic that is made again under its name begins empty, also after a restart", async () => {
  await using fixture = await BrokerFixture.start();
  for (let round = 0; round < 2; round += 1) {
    await createTopic(fixture, "orders");
    const partition = fixture.broker.services.replicas.partition("orders", 0);
    assert.equal(partition?.log.logEndOffset, 0);
    await fixture.restart();
    await fixture.request(DeleteTopics, 6, { topics: [named("orders")], timeoutMs: 1000 });
  }
});
