import assert from "node:assert/strict";
import { test } from "node:test";

import { errorCodes, ListOffsets } from "@millrace/protocol";
import { LATEST_TIMESTAMP, lookUpOffsets } from "../../src/consumer/offset-lookup.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { startLogs } from "./support/scripted-logs.ts";

const options = { isolation: "read_committed", timeoutMs: 5_000 } as const;

test("each leader is asked once for its partitions, in the isolation level", async () => {
  const { cluster, logs } = await startLogs({ brokers: 2 });
  cluster.addTopic("orders", 4);
  for (const partition of [0, 1, 2, 3]) {
    logs.log("orders", partition).append(Array.from({ length: partition }, () => "x"));
  }
  const queries = [0, 1, 2, 3].map((partition) => ({
    topic: "orders",
    partition,
    timestamp: LATEST_TIMESTAMP,
  }));
  const found = await cluster.settle(lookUpOffsets(cluster.connect(), queries, options));
  const offsets = queries.map(({ partition }) => found.get(`orders-${partition}`));
  assert.deepEqual(
    offsets.map((one) => (one instanceof KafkaError ? one.code : one?.offset)),
    [0, 1, 2, 3],
  );
  for (const id of [1, 2]) {
    const requests = cluster.broker(id).requestsOf(ListOffsets);
    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.isolationLevel, 1);
  }
});

test("a partition whose leader is not there is asked for until the time-out", async () => {
  const { cluster } = await startLogs();
  cluster.addTopic("orders", 2);
  let refusals = 0;
  cluster.onAll(ListOffsets, ({ topics }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => {
        const isRefused = partitionIndex === 1;
        refusals += isRefused ? 1 : 0;
        const errorCode = isRefused ? errorCodes.NOT_LEADER_OR_FOLLOWER : errorCodes.NONE;
        return { partitionIndex, errorCode, offset: 9, timestamp: -1 };
      }),
    })),
  }));
  const queries = [0, 1].map((partition) => ({ topic: "orders", partition, timestamp: -1 }));
  const found = await cluster.settle(lookUpOffsets(cluster.connect(), queries, options));
  const [first, second] = queries.map(({ partition }) => found.get(`orders-${partition}`));
  assert.equal(first instanceof KafkaError ? first.code : first?.offset, 9);
  assert.ok(second instanceof KafkaError);
  assert.equal(second.code, "REQUEST_TIMED_OUT");
  assert.match(second.message, /NOT_LEADER_OR_FOLLOWER/);
  assert.ok(refusals > 3);
});
