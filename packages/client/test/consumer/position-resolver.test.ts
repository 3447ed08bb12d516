import assert from "node:assert/strict";
import { test } from "node:test";

import { ListOffsets, OffsetForLeaderEpoch } from "@millrace/protocol";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { startLogs, takeTexts } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

test("a log that was cut takes the position back to where it was cut (KIP-320)", async () => {
  const { cluster, logs, consume } = await startLogs();
  const topic = cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]).append(["b"]).append(["c"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 3)), ["a", "b", "c"]);
  const [partition] = topic.partitions;
  assert.ok(partition !== undefined);
  log.truncate(1);
  log.epochEnds.set(0, 1);
  partition.leaderEpoch = log.epoch = 1;
  log.append(["B"]);
  log.answers.push("FENCED_LEADER_EPOCH");
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["B"]);
  assert.ok(cluster.broker(1).requestsOf(OffsetForLeaderEpoch).length > 0);
  await cluster.settle(consumer.close());
});

test("without a reset policy a cut log is told, until the application seeks", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]).append(["b"]);
  const consumer = consume({ offsetReset: "none" });
  consumer.assign([{ ...place, offset: 0 }]);
  await cluster.settle(takeTexts(consumer, 2));
  log.answers.push({ divergingEpoch: { epoch: 0, endOffset: 1 } });
  await assert.rejects(cluster.settle(takeTexts(consumer, 1)), isCode("LOG_TRUNCATION"));
  consumer.seek({ ...place, offset: 1 });
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["b"]);
  await cluster.settle(consumer.close());
});

test("a diverging epoch in a fetch answer goes back at once", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]).append(["b"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  await cluster.settle(takeTexts(consumer, 2));
  log.answers.push({ divergingEpoch: { epoch: 0, endOffset: 1 } });
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["b"]);
  await cluster.settle(consumer.close());
});

test("a duration asks for its time, and for the end when no record is that young (KIP-1106)", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b"]);
  const consumer = consume({ offsetReset: { by: 60_000 } });
  consumer.assign([place]);
  const nowMs = cluster.client.clock.nowMs();
  assert.equal(await cluster.settle(consumer.position(place)), 2n);
  const asked = cluster
    .broker(1)
    .requestsOf(ListOffsets)
    .map(({ topics }) => topics[0]?.partitions[0]?.timestamp);
  assert.equal(asked.length, 2);
  assert.ok(Math.abs((asked[0] ?? 0) - (nowMs - 60_000)) < 1_000);
  assert.equal(asked[1], -1);
  await cluster.settle(consumer.close());
});

test("an offset out of range is reset by the policy, and told without one", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  const log = logs.log("orders").append(["a"]).append(["b"]);
  log.startOffset = 1;
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([{ ...place, offset: 0 }]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["b"]);
  const strict = consume({ offsetReset: "none" });
  strict.assign([{ ...place, offset: 0 }]);
  await assert.rejects(cluster.settle(takeTexts(strict, 1)), isCode("OFFSET_OUT_OF_RANGE"));
  // It is told as long as it is so, as Java does.
  await assert.rejects(cluster.settle(takeTexts(strict, 1)), isCode("OFFSET_OUT_OF_RANGE"));
  await cluster.settle(consumer.close());
  await cluster.settle(strict.close());
});

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof KafkaError && error.code === code;
}
