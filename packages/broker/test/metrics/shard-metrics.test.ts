import assert from "node:assert/strict";
import { test } from "node:test";

import { FindCoordinator, OffsetCommit } from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

test("loads, batches and waits of a coordinator are told under Kafka's names", async () => {
  const config = { "offsets.topic.num.partitions": "3" };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: "" }];
  const topics = [{ name: "orders", partitions }];
  await fixture.request(OffsetCommit, 8, { groupId: "g", memberId: "", topics });
  const text = fixture.platform.metrics.exposition();
  const prefix = "kafka_coordinator_group_group_coordinator_metrics";
  for (const line of [
    `${prefix}_num_partitions{state="active"} 3`,
    `${prefix}_num_partitions{state="loading"} 0`,
    `${prefix}_partition_load_failed_count 0`,
    `${prefix}_batch_size_bytes_count 1`,
    `${prefix}_batch_flush_time_ms_count 1`,
    `${prefix}_event_queue_size 0`,
    "millrace_group_coordinator_load_time_ms_count 3",
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
});
