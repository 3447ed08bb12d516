import assert from "node:assert/strict";

import { Kafka, KafkaJSNumberOfRetriesExceeded } from "@millrace/client/kafkajs";

import { eachBroker, uniqueName } from "../src/index.ts";

eachBroker(
  "a handler that fails for good crashes the consumer, which begins again where it was",
  { timeoutMs: 60_000 },
  async (broker) => {
    const topic = uniqueName("crashes");
    const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: 0 });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ value: "0" }, { value: "1" }] });
    await producer.disconnect();
    const retry = { retries: 1, initialRetryTime: 20 };
    const consumer = kafka.consumer({ groupId: uniqueName("crashing"), retry });
    const seen: string[] = [];
    const crashes: unknown[] = [];
    const isOver = Promise.withResolvers<void>();
    consumer.on(consumer.events.CRASH, ({ payload }) => crashes.push(payload));
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        seen.push(String(message.value));
        if (seen.length < 4 && String(message.value) === "1") throw new Error("not yet");
        if (String(message.value) === "1") isOver.resolve();
        return Promise.resolve();
      },
    });
    await isOver.promise;
    await consumer.disconnect();
    assert.deepEqual(seen, ["0", "1", "1", "1"]);
    assert.equal(crashes.length, 1);
    const [crash] = crashes;
    assert.equal(Reflect.get(Object(crash), "restart"), true);
    const error: unknown = Reflect.get(Object(crash), "error");
    assert.ok(error instanceof KafkaJSNumberOfRetriesExceeded);
    assert.equal(error.retryCount, 1);
  },
);
