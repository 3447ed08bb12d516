import assert from "node:assert/strict";
import { test } from "node:test";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { errorOf, producing, texts } from "../support/producing.ts";

test("records that come before the topic is known are stored in order", async () => {
  const { producer, logs, settle } = await producing();
  for (const value of texts(50)) void producer.enqueue({ topic: "orders", value });
  await settle(producer.flush());
  assert.deepEqual(logs.values("orders"), texts(50));
});

test("a topic that does not come to be fails its records after maxBlockMs", async () => {
  const { producer, settle, scripted } = await producing({ maxBlockMs: 5_000 });
  const startMs = scripted.client.clock.monotonicMs();
  const error = await errorOf(settle(producer.send({ topic: "nowhere", value: "v" })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "UNKNOWN_TOPIC_OR_PARTITION");
  const tookMs = scripted.client.clock.monotonicMs() - startMs;
  assert.ok(tookMs >= 4_000 && tookMs <= 6_000, `${tookMs} ms`);
});

test("a topic made meanwhile gets the records that waited for it", async () => {
  const { producer, logs, settle, scripted } = await producing();
  const sent = producer.send({ topic: "late", value: "v" });
  await scripted.advance(3_000);
  scripted.addTopic("late");
  await settle(sent);
  assert.deepEqual(logs.values("late"), ["v"]);
});

test("a partition that the topic does not have fails after maxBlockMs", async () => {
  const { producer, settle } = await producing({ maxBlockMs: 2_000 });
  const error = await errorOf(settle(producer.send({ topic: "orders", value: "v", partition: 7 })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "INVALID_ARGUMENT");
  assert.match(error.message, /partition 7/);
});

test("memory that stays full fails records after maxBlockMs with BUFFER_EXHAUSTED", async () => {
  const { producer, settle, scripted } = await producing({
    bufferMemory: 40_000,
    batchSize: 4000,
    maxBlockMs: 3_000,
  });
  await settle(producer.send({ topic: "orders", value: "first" }));
  scripted.broker(1).isFrozen = true;
  const value = "x".repeat(3000);
  const sent = Array.from({ length: 20 }, () => producer.send({ topic: "orders", value }));
  const outcomes = Promise.allSettled(sent);
  await scripted.advance(4_000);
  scripted.broker(1).isFrozen = false;
  scripted.broker(1).disconnect();
  const codes = (await settle(outcomes)).map(codeOf);
  assert.equal(codes.filter((code) => code === "stored").length, 9);
  assert.equal(codes.filter((code) => code === "BUFFER_EXHAUSTED").length, 11);
});

/** What became of a record, in a word. */
function codeOf(outcome: PromiseSettledResult<unknown>): string {
  if (outcome.status === "fulfilled") return "stored";
  return outcome.reason instanceof KafkaError ? outcome.reason.code : String(outcome.reason);
}
