import assert from "node:assert/strict";
import { test } from "node:test";

import { CreatePartitions, errorName } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("every version adds partitions that can be written at once", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  for (let version = 0; version <= 3; version += 1) {
    const count = version + 2;
    const answer = await fixture.request(CreatePartitions, version, {
      topics: [{ name: "orders", count, assignments: null }],
      timeoutMs: 1000,
      validateOnly: false,
    });
    assert.equal(answer.results[0]?.errorCode, 0);
    assert.ok(fixture.broker.services.replicas.partition("orders", count - 1)?.isLeader);
  }
});

test("fewer partitions, unknown topics and topics named twice are refused", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", {}, 3);
  const topic = (name: string, count: number) => ({ name, count, assignments: null });
  const answer = await fixture.request(CreatePartitions, 3, {
    topics: [topic("orders", 2), topic("missing", 2), topic("twice", 2), topic("twice", 3)],
    timeoutMs: 1000,
    validateOnly: false,
  });
  const errors = new Map(answer.results.map(({ name, errorCode }) => [name, errorName(errorCode)]));
  assert.deepEqual(Object.fromEntries(errors), {
    orders: "INVALID_PARTITIONS",
    missing: "UNKNOWN_TOPIC_OR_PARTITION",
    twice: "INVALID_REQUEST",
  });
});

test("fewer partitions than there are, are refused in Kafka's words", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", {}, 3);
  const answer = await fixture.request(CreatePartitions, 3, {
    topics: [{ name: "orders", count: 1, assignments: null }],
    timeoutMs: 1000,
    validateOnly: false,
  });
  assert.equal(
    answer.results[0]?.errorMessage,
    "The topic orders currently has 3 partition(s); 1 would not be an increase.",
  );
});

test("what is wrong with an assignment is told in Kafka's words, an unknown topic without", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const told = async (name: string, ...assigned: readonly (readonly number[])[]) => {
    const assignments = assigned.map((brokerIds) => ({ brokerIds: [...brokerIds] }));
    const topics = [{ name, count: 2, assignments }];
    const body = { topics, timeoutMs: 1000, validateOnly: false };
    return (await fixture.request(CreatePartitions, 3, body)).results[0]?.errorMessage;
  };
  assert.equal(await told("missing", [1]), null);
  assert.equal(
    await told("orders", [1], [1]),
    "Attempted to add 1 additional partition(s), but only 2 assignment(s) were specified.",
  );
  assert.equal(
    await told("orders", [77]),
    "The manual partition assignment includes broker 77, but no such broker is registered.",
  );
  assert.equal(
    await told("orders", []),
    "The manual partition assignment includes an empty replica list.",
  );
});
