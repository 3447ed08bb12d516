import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { produced, ShareMember } from "../support/share-member.ts";

test("what members do is counted under Kafka's names, and forgotten with the share partition", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c"]);
  const member = await ShareMember.join(fixture, {
    group: "g",
    topic: "orders",
    configs: { "share.auto.offset.reset": "earliest" },
  });
  await member.fetch();
  await member.acknowledge([
    [0, 0, 1],
    [1, 1, 3],
  ]);
  const shown = (): readonly string[] => fixture.platform.metrics.exposition().split("\n");
  const labels = `{group="g",topic="orders",partition="0"}`;
  const expected = [
    `kafka_server_ShareGroupMetrics_RecordAcknowledgementsPerSec_total{ackType="Accept"} 1`,
    `kafka_server_ShareGroupMetrics_RecordAcknowledgementsPerSec_total{ackType="Reject"} 1`,
    `kafka_server_SharePartitionMetrics_InFlightMessageCount${labels} 1`,
    `kafka_server_SharePartitionMetrics_InFlightBatchCount${labels} 1`,
    `kafka_server_SharePartitionMetrics_AcquisitionLockTimeoutPerSec_total${labels} 0`,
    `kafka_server_ShareSessionCache_ShareSessionsCount 1`,
    `kafka_server_ShareSessionCache_SharePartitionsCount 1`,
    `kafka_server_BrokerTopicMetrics_TotalShareFetchRequestsPerSec_total{topic="orders"} 1`,
  ];
  for (const line of expected) assert.ok(shown().includes(line), line);
  await fixture.platform.clock.advance(31_000);
  const timeouts = `kafka_server_SharePartitionMetrics_AcquisitionLockTimeoutPerSec_total${labels} 1`;
  assert.ok(shown().includes(timeouts));
  fixture.disconnect();
  await fixture.platform.clock.advance(100);
  assert.equal(
    shown().some((line) => line.includes(`group="g",topic="orders"`)),
    false,
  );
});
