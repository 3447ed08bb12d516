import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, Metadata } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("every version tells brokers, topics and leaders", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", {}, 2);
  for (let version = 0; version <= 13; version += 1) {
    const answer = await fixture.request(Metadata, version, { topics: [{ name: "orders" }] });
    assert.deepEqual(
      answer.brokers.map(({ nodeId, host, port, rack }) => [nodeId, host, port, rack]),
      [[1, "localhost", 9092, null]],
    );
    const [topic] = answer.topics;
    assert.equal(topic?.errorCode, 0);
    assert.deepEqual(
      topic.partitions.map(({ leaderId, replicaNodes, isrNodes }) => [
        leaderId,
        replicaNodes,
        isrNodes,
      ]),
      [
        [1, [1], [1]],
        [1, [1], [1]],
      ],
    );
  }
});

test("null asks for all topics; an empty list for none, but in version 0 for all", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  assert.equal((await fixture.request(Metadata, 9, { topics: null })).topics.length, 1);
  assert.equal((await fixture.request(Metadata, 9, { topics: [] })).topics.length, 0);
  assert.equal((await fixture.request(Metadata, 0, { topics: [] })).topics.length, 1);
});

test("a topic is created by being asked for, where broker and client allow it", async () => {
  await using fixture = await BrokerFixture.start({ config: { "num.partitions": "3" } });
  const ask = async (name: string, allowAutoTopicCreation: boolean): Promise<string> => {
    const answer = await fixture.request(Metadata, 9, {
      topics: [{ name }],
      allowAutoTopicCreation,
    });
    return errorName(answer.topics[0]?.errorCode ?? -1);
  };
  assert.equal(await ask("forbidden", false), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.equal(await ask("forbidden", false), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.equal(await ask("wanted", true), "UNKNOWN_TOPIC_OR_PARTITION");
  assert.equal(await ask("wanted", true), "NONE");
  const { topics } = fixture.broker.services.image();
  assert.equal(topics.byName.get("wanted")?.partitions.length, 3);
  assert.equal(await ask("bad name!", true), "INVALID_TOPIC_EXCEPTION");
});

test("auto.create.topics.enable=false creates nothing", async () => {
  const config = { "auto.create.topics.enable": "false" };
  await using fixture = await BrokerFixture.start({ config });
  await fixture.request(Metadata, 9, { topics: [{ name: "wanted" }] });
  assert.equal(fixture.broker.services.image().topics.byName.size, 0);
});

test("a topic is found by its id from version 12 on", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const topicId = fixture.broker.services.image().topics.byName.get("orders")?.id;
  assert.ok(topicId !== undefined);
  const byId = await fixture.request(Metadata, 12, { topics: [{ topicId, name: null }] });
  assert.equal(byId.topics[0]?.name, "orders");
  const old = await fixture.request(Metadata, 11, { topics: [{ topicId, name: null }] });
  assert.equal(errorName(old.topics[0]?.errorCode ?? 0), "INVALID_REQUEST");
});

test("authorized operations are told where they are asked for", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const answer = await fixture.request(Metadata, 8, {
    topics: [{ name: "orders" }],
    includeClusterAuthorizedOperations: true,
    includeTopicAuthorizedOperations: true,
  });
  assert.equal(answer.clusterAuthorizedOperations, 8096);
  assert.equal(answer.topics[0]?.topicAuthorizedOperations, 3576);
});
