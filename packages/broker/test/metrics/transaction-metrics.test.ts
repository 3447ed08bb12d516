import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

test("transactional ids are counted by state, and the coordinator's batches measured", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const producer = await TransactionalProducer.start(fixture);
  assert.equal(await producer.produce("orders", "one"), "NONE");
  const text = fixture.platform.metrics.exposition();
  assert.match(text, /^millrace_transactional_ids\{state="ongoing"\} 1$/m);
  assert.match(text, /^millrace_transactional_ids\{state="empty"\} 0$/m);
  const prefix = "kafka_coordinator_transaction_transaction_coordinator_metrics";
  assert.match(text, new RegExp(`^${prefix}_num_partitions\\{state="active"\\} 50$`, "m"));
  assert.match(text, new RegExp(`^${prefix}_batch_size_bytes_count 2$`, "m"));
  assert.match(text, new RegExp(`^${prefix}_partition_load_time_max \\d`, "m"));
});
