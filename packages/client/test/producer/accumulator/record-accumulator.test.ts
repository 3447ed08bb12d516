import assert from "node:assert/strict";
import { test } from "node:test";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { errorOf, producing, texts } from "../support/producing.ts";

test("enqueue asks to wait when enough waits to be sent, and flush waits for all", async () => {
  const { producer, logs, settle } = await producing({ batchSize: 1000 });
  const value = "x".repeat(1000);
  await settle(producer.send({ topic: "orders", value }));
  let waits = 0;
  const run = async (): Promise<void> => {
    for (let index = 0; index < 5000; index += 1) {
      const wait = producer.enqueue({ topic: "orders", value });
      if (wait === undefined) continue;
      waits += 1;
      await wait;
    }
    await producer.flush();
  };
  await settle(run());
  assert.equal(logs.log("orders").length, 5001);
  assert.ok(waits >= 2 && waits < 100, `${waits} waits`);
});

test("a record larger than maxRequestSize fails at once with MESSAGE_TOO_LARGE", async () => {
  const { producer, settle } = await producing({ maxRequestSize: 10_000 });
  await settle(producer.send({ topic: "orders", value: "first" }));
  const error = await errorOf(producer.send({ topic: "orders", value: "x".repeat(10_000) }));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "MESSAGE_TOO_LARGE");
});

test("records of one turn share a batch, and each tells its own offset", async () => {
  const { producer, logs, settle } = await producing();
  const sent = texts(100).map((value) => producer.send({ topic: "orders", value }));
  const metadata = await settle(Promise.all(sent));
  assert.equal(logs.seen.length, 1);
  assert.deepEqual(
    metadata.map(({ offset }) => offset),
    texts(100).map((_, index) => BigInt(index)),
  );
});
