import assert from "node:assert/strict";
import { test } from "node:test";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { Producer } from "../../../src/producer/producer.ts";
import { BAD_VALUE, errorOf, producing } from "../support/producing.ts";

test("a serializer may answer later without changing the order", async () => {
  const { scripted, cluster, settle, logs } = await producing();
  const producer = new Producer<null, string>(cluster, {
    value: {
      serialize: async (text, context) => {
        await new Promise<void>((resolve) => {
          scripted.client.clock.setTimer(text.length, resolve);
        });
        context.headers.add("length", Buffer.from(String(text.length)));
        return Buffer.from(text);
      },
    },
  });
  const values = ["a long one", "short", "of middle", ""];
  await settle(Promise.all(values.map((value) => producer.send({ topic: "orders", value }))));
  assert.deepEqual(logs.values("orders"), values);
  assert.deepEqual(
    logs.log("orders").map(({ headers }) => String(headers[0]?.value)),
    values.map(({ length }) => String(length)),
  );
});

test("a serializer that throws fails its record alone, with SERIALIZATION_FAILED", async () => {
  const { producer, settle } = await producing();
  await settle(producer.send({ topic: "orders", value: "good" }));
  const error = await errorOf(settle(producer.send({ topic: "orders", value: BAD_VALUE })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "SERIALIZATION_FAILED");
  await settle(producer.send({ topic: "orders", value: "good" }));
});
