import assert from "node:assert/strict";
import { test } from "node:test";

import { ConsumerGroupHeartbeat, FindCoordinator, OffsetCommit } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("groups and commits are counted under Kafka's names", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  await fixture.request(ConsumerGroupHeartbeat, 1, {
    groupId: "g",
    memberId: "a",
    memberEpoch: 0,
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ["orders"],
    topicPartitions: [],
  });
  const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: "" }];
  await fixture.request(OffsetCommit, 8, {
    groupId: "simple",
    memberId: "",
    topics: [{ name: "orders", partitions }],
  });
  const text = fixture.platform.metrics.exposition();
  const prefix = "kafka_coordinator_group";
  for (const line of [
    `${prefix}_group_coordinator_metrics_group_count{protocol="consumer"} 1`,
    `${prefix}_group_coordinator_metrics_group_count{protocol="classic"} 1`,
    `${prefix}_group_coordinator_metrics_consumer_group_count{state="stable"} 1`,
    `${prefix}_group_coordinator_metrics_consumer_group_rebalance_count 1`,
    `${prefix}_group_coordinator_metrics_offset_commit_count 1`,
    `${prefix}_GroupMetadataManager_NumGroupsEmpty 1`,
    `${prefix}_GroupMetadataManager_NumGroupsPreparingRebalance 0`,
    `${prefix}_GroupMetadataManager_NumOffsets 1`,
  ]) {
    assert.ok(text.includes(`${line}\n`), `${line}\n${text}`);
  }
});
