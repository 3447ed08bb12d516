import assert from "node:assert/strict";
import { test } from "node:test";

import { KafkaError } from "../../src/errors/kafka-error.ts";
import { MemoryGroup } from "./support/memory-group.ts";
import { startLogs, takeTexts } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

test("what the state does not allow is refused, with what to do", async () => {
  const { cluster, consume } = await startLogs();
  const alone = consume();
  await assert.rejects(alone.subscribe("orders"), isCode("ILLEGAL_STATE"));
  await assert.rejects(alone.commit(), isCode("ILLEGAL_STATE"));
  assert.throws(() => alone.seek({ ...place, offset: 0 }), isCode("ILLEGAL_STATE"));
  const group = new MemoryGroup();
  const member = consume({ groupId: "group" }, { group });
  await member.subscribe({ pattern: /^orders/ });
  assert.deepEqual(member.subscription(), { kind: "pattern", pattern: "^orders" });
  assert.throws(() => member.assign([place]), isCode("ILLEGAL_STATE"));
  await member.unsubscribe();
  member.assign([place]);
  assert.throws(() => member.seek({ ...place, offset: -1 }), isCode("INVALID_ARGUMENT"));
  await cluster.settle(alone.close());
  await cluster.settle(member.close());
  await assert.rejects(member.subscribe("orders"), isCode("CLIENT_CLOSED"));
});

test("a committed offset is where it begins, and a new assignment drops the old", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders", 2);
  logs.log("orders", 0).append(["a", "b", "c"]);
  logs.log("orders", 1).append(["x", "y"]);
  const group = new MemoryGroup();
  group.committed.set("orders-0", { ...place, offset: 2, leaderEpoch: 0, metadata: "" });
  const consumer = consume({ groupId: "group", offsetReset: "earliest" }, { group });
  consumer.assign([place]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["c"]);
  consumer.assign([{ topic: "orders", partition: 1, offset: 1n }]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 1)), ["y"]);
  assert.deepEqual(consumer.assignment(), [{ topic: "orders", partition: 1 }]);
  await cluster.settle(consumer.close());
});

test("one consumer of several partitions fetches from all their leaders", async () => {
  const { cluster, logs, consume } = await startLogs({ brokers: 3 });
  cluster.addTopic("orders", 6);
  for (let partition = 0; partition < 6; partition += 1) {
    logs.log("orders", partition).append([`p${partition}`]);
  }
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([0, 1, 2, 3, 4, 5].map((partition) => ({ topic: "orders", partition })));
  const texts = await cluster.settle(takeTexts(consumer, 6));
  assert.deepEqual(texts.toSorted(), ["p0", "p1", "p2", "p3", "p4", "p5"]);
  await cluster.settle(consumer.close());
});

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof KafkaError && error.code === code;
}
