import assert from "node:assert/strict";
import { test } from "node:test";

import { DeleteRecords, errorName, Produce } from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

async function deleteBefore(
  fixture: BrokerFixture,
  topic: string,
  offset: number,
): Promise<readonly [string, number | undefined]> {
  const answer = await fixture.request(DeleteRecords, 2, {
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
    timeoutMs: 1000,
  });
  const partition = answer.topics[0]?.partitions[0];
  return [errorName(partition?.errorCode ?? -1), partition?.lowWatermark];
}

async function fixtureWith(configs: Readonly<Record<string, string>>): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", configs);
  await fixture.request(Produce, 9, {
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: "orders", partitionData: [{ index: 0, records: batchOf("a", "b", "c") }] }],
  });
  return fixture;
}

test("the log start moves to an offset, or to the high watermark", async () => {
  await using fixture = await fixtureWith({});
  assert.deepEqual(await deleteBefore(fixture, "orders", 2), ["NONE", 2]);
  assert.deepEqual(await deleteBefore(fixture, "orders", 1), ["NONE", 2]);
  assert.deepEqual(await deleteBefore(fixture, "orders", 4), ["OFFSET_OUT_OF_RANGE", -1]);
  assert.deepEqual(await deleteBefore(fixture, "orders", -2), ["OFFSET_OUT_OF_RANGE", -1]);
  assert.deepEqual(await deleteBefore(fixture, "orders", -1), ["NONE", 3]);
  assert.deepEqual(await deleteBefore(fixture, "gone", 1), ["UNKNOWN_TOPIC_OR_PARTITION", -1]);
});

test("a log start that was answered survives a restart", async () => {
  await using fixture = await fixtureWith({});
  await deleteBefore(fixture, "orders", 2);
  await fixture.restart();
  assert.equal(fixture.broker.services.replicas.partition("orders", 0)?.log.logStartOffset, 2);
});

test("a topic that is only compacted keeps its records", async () => {
  await using fixture = await fixtureWith({ "cleanup.policy": "compact" });
  assert.deepEqual(await deleteBefore(fixture, "orders", 0), ["POLICY_VIOLATION", -1]);
});

test("of a partition that is named twice the last word counts, and is answered once", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await fixture.request(Produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: "orders", partitionData: [{ index: 0, records: batchOf("a", "b", "c") }] }],
  });
  const named = (offset: number) => ({
    name: "orders",
    partitions: [
      { partitionIndex: 0, offset: 3 },
      { partitionIndex: 0, offset },
    ],
  });
  const answer = await fixture.request(DeleteRecords, 2, {
    timeoutMs: 1000,
    topics: [named(3), named(1)],
  });
  assert.deepEqual(
    answer.topics.map(({ name, partitions }) => [name, partitions]),
    [["orders", [{ partitionIndex: 0, lowWatermark: 1, errorCode: 0 }]]],
  );
});
