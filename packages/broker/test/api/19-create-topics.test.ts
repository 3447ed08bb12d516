import assert from "node:assert/strict";
import { test } from "node:test";

import { CreateTopics, errorName, type RequestInput } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

type Topic = RequestInput<typeof CreateTopics>["topics"][number];

function topic(name: string, overrides: Partial<Topic> = {}): Topic {
  return {
    name,
    numPartitions: 2,
    replicationFactor: 1,
    assignments: [],
    configs: [],
    ...overrides,
  };
}

test("every version creates, answers per topic and tells what it made", async () => {
  await using fixture = await BrokerFixture.start();
  for (let version = 2; version <= 7; version += 1) {
    const answer = await fixture.request(CreateTopics, version, {
      topics: [topic(`t${version}`), topic("t2"), topic("no/good")],
    });
    const errors = answer.topics.map(({ errorCode }) => errorName(errorCode));
    const second = version === 2 ? undefined : "TOPIC_ALREADY_EXISTS";
    assert.deepEqual(
      errors,
      version === 2
        ? ["INVALID_REQUEST", "INVALID_TOPIC_EXCEPTION"]
        : ["NONE", second, "INVALID_TOPIC_EXCEPTION"],
    );
    if (version === 2) await fixture.request(CreateTopics, 2, { topics: [topic("t2")] });
    const created = answer.topics[0];
    if (version < 5) continue;
    assert.equal(created?.numPartitions, 2);
    assert.ok(created.configs?.some(({ name }) => name === "cleanup.policy"));
  }
});

test("a configuration that is none is refused, and validateOnly makes nothing", async () => {
  await using fixture = await BrokerFixture.start();
  const answer = await fixture.request(CreateTopics, 7, {
    topics: [
      topic("bad", { configs: [{ name: "retention.ms", value: "soon" }] }),
      topic("good", { configs: [{ name: "retention.ms", value: "1000" }] }),
    ],
    validateOnly: true,
  });
  assert.deepEqual(
    answer.topics.map(({ errorCode }) => errorName(errorCode)),
    ["INVALID_CONFIG", "NONE"],
  );
  const retention = answer.topics[1]?.configs?.find(({ name }) => name === "retention.ms");
  assert.equal(retention?.value, "1000");
  assert.equal(fixture.broker.services.image().topics.byName.size, 0);
});

test("more replicas than brokers are refused", async () => {
  await using fixture = await BrokerFixture.start();
  const answer = await fixture.request(CreateTopics, 7, {
    topics: [topic("wide", { replicationFactor: 3 })],
  });
  assert.equal(errorName(answer.topics[0]?.errorCode ?? 0), "INVALID_REPLICATION_FACTOR");
});

test("the log of the metadata is no topic", async () => {
  await using fixture = await BrokerFixture.start();
  const answer = await fixture.request(CreateTopics, 7, { topics: [topic("__cluster_metadata")] });
  assert.equal(errorName(answer.topics[0]?.errorCode ?? 0), "INVALID_REQUEST");
});
