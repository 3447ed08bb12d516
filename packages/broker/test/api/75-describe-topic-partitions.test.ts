import assert from "node:assert/strict";
import { test } from "node:test";

import { DescribeTopicPartitions, errorName, type ResponseOf } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

type Page = ResponseOf<typeof DescribeTopicPartitions>;

function shown(page: Page) {
  return page.topics.map(({ name, errorCode, partitions }) => [
    name,
    errorName(errorCode),
    partitions.map(({ partitionIndex }) => partitionIndex),
  ]);
}

test("pages follow each other in the order of names until everything was told", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "b", {}, 3);
  await createTopic(fixture, "a", {}, 2);
  const ask = (cursor: Page["nextCursor"]): Promise<Page> =>
    fixture.request(DescribeTopicPartitions, 0, { topics: [], responsePartitionLimit: 3, cursor });
  const first = await ask(null);
  assert.deepEqual(shown(first), [
    ["a", "NONE", [0, 1]],
    ["b", "NONE", [0]],
  ]);
  assert.deepEqual(first.nextCursor, { topicName: "b", partitionIndex: 1 });
  const second = await ask(first.nextCursor);
  assert.deepEqual(shown(second), [["b", "NONE", [1, 2]]]);
  assert.equal(second.nextCursor, null);
});

test("topics that are not there are named, those asked for only", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "a");
  await createTopic(fixture, "z");
  const page = await fixture.request(DescribeTopicPartitions, 0, {
    topics: [{ name: "missing" }, { name: "a" }, { name: "no/good" }],
  });
  assert.deepEqual(shown(page), [
    ["a", "NONE", [0]],
    ["missing", "UNKNOWN_TOPIC_OR_PARTITION", []],
    ["no/good", "INVALID_TOPIC_EXCEPTION", []],
  ]);
});
