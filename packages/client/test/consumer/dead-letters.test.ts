import assert from "node:assert/strict";
import { test } from "node:test";

import { DeadLetters } from "../../src/consumer/dead-letters.ts";
import type { RecordToSend } from "../../src/consumer/record-sender.ts";
import { startLogs } from "./support/scripted-logs.ts";

test("a dead letter has its record's parts, and headers that say where it is from and why", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a"], { key: "k", timestamp: 7 });
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([{ topic: "orders", partition: 0 }]);
  const { value: record } = await cluster.settle(consumer.records().next());
  assert.ok(record !== undefined);
  const sent: RecordToSend[] = [];
  let made = 0;
  const letters = new DeadLetters("group", () => {
    made += 1;
    return { send: (one) => Promise.resolve(sent.push(one)) };
  });
  const letter = { record, error: new Error("no"), attempts: 3 };
  await letters.send({ topic: ({ topic }) => `${topic}.dead` }, letter);
  await letters.send({ topic: "graves" }, letter);
  assert.equal(made, 1);
  const [first] = sent;
  assert.deepEqual(
    [first?.topic, String(first?.key), String(first?.value), first?.timestamp],
    ["orders.dead", "k", "a", 7],
  );
  assert.deepEqual(
    first?.headers.map(({ key, value }) => `${key}=${String(value)}`),
    [
      "__dlq.errors.topic=orders",
      "__dlq.errors.partition=0",
      "__dlq.errors.offset=0",
      "__dlq.errors.group=group",
      "__dlq.errors.delivery.count=3",
      "__dlq.errors.message=no",
    ],
  );
  const failing = { topic: "graves", producer: { send: () => Promise.reject(new Error("full")) } };
  await assert.rejects(letters.send(failing, letter), /offset 0 could not be sent: full/);
  await cluster.settle(consumer.close());
});
