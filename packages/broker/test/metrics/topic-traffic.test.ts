import assert from "node:assert/strict";
import { test } from "node:test";

import { Fetch, Produce } from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("records and bytes are counted for the topic and for the broker, until the topic goes", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const records = batchOf("a", "b", "c");
  const { length } = records;
  const topicData = [{ name: "orders", partitionData: [{ index: 0, records }] }];
  await fixture.request(Produce, 9, { acks: 1, timeoutMs: 1000, topicData });
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }];
  const topics = [{ topic: "orders", partitions }];
  await fixture.request(Fetch, 11, { maxWaitMs: 0, minBytes: 1, topics });
  const shown = fixture.platform.metrics.exposition();
  for (const labels of ["", '{topic="orders"}']) {
    for (const [attribute, value] of [
      ["MessagesInPerSec", 3],
      ["BytesInPerSec", length],
      ["BytesOutPerSec", length],
    ] as const) {
      const line = `kafka_server_BrokerTopicMetrics_${attribute}_total${labels} ${value}\n`;
      assert.ok(shown.includes(line), line);
    }
  }
  const { controller, image } = fixture.broker.services;
  const topicId = image().topics.byName.get("orders")?.id;
  assert.ok(topicId !== undefined);
  await fixture.settled(controller.deleteTopics([topicId]));
  assert.ok(!fixture.platform.metrics.exposition().includes('topic="orders"'));
});
