import assert from "node:assert/strict";
import { test } from "node:test";

import type { UnreadablePolicy } from "../../src/consumer/consumer-options.ts";
import type { RecordToSend } from "../../src/consumer/record-sender.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import type { Deserializer } from "../../src/serdes/serde.ts";
import { startLogs } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };
const numbers: Deserializer<number> = {
  deserialize: (bytes) => {
    const value = Number(String(bytes));
    if (Number.isNaN(value)) throw new TypeError("no number");
    return value;
  },
};
const slowNumbers: Deserializer<number> = {
  deserialize: async (bytes, context) => {
    await Promise.resolve();
    return numbers.deserialize(bytes, context);
  },
};

async function setUp(unreadable: UnreadablePolicy, value: Deserializer<number> = numbers) {
  const parts = await startLogs();
  parts.cluster.addTopic("orders");
  parts.logs.log("orders").append(["1", "two", "3"]);
  const letters: RecordToSend[] = [];
  const sender = { send: (record: RecordToSend) => Promise.resolve(letters.push(record)) };
  const consumer = parts.consume({ offsetReset: "earliest", unreadable, value }, { sender });
  consumer.assign([place]);
  const take = async (count: number): Promise<(number | string)[]> => {
    const found: (number | string)[] = [];
    for await (const record of consumer) {
      found.push(record.error === undefined ? record.value : `raw ${String(record.valueBytes)}`);
      if (found.length === count) break;
    }
    return found;
  };
  return { ...parts, consumer, take, letters };
}

for (const [kind, value] of [
  ["at once", numbers],
  ["later", slowNumbers],
] as const) {
  test(`fail: the loop ends at the record, again and again, until it is passed; read ${kind}`, async () => {
    const { cluster, consumer, take } = await setUp("fail", value);
    assert.deepEqual(await cluster.settle(take(1)), [1]);
    for (let count = 0; count < 2; count += 1) {
      await assert.rejects(
        cluster.settle(take(1)),
        (error) => error instanceof KafkaError && error.code === "DESERIALIZATION_FAILED",
      );
      assert.equal(await cluster.settle(consumer.position(place)), 1n);
    }
    consumer.seek({ ...place, offset: 2 });
    assert.deepEqual(await cluster.settle(take(1)), [3]);
    await cluster.settle(consumer.close());
  });

  test(`skip: the record is left out and counted; read ${kind}`, async () => {
    const { cluster, consumer, take } = await setUp("skip", value);
    assert.deepEqual(await cluster.settle(take(2)), [1, 3]);
    assert.equal(consumer.health().skippedCount, 1);
    await cluster.settle(consumer.close());
  });

  test(`raw: the record comes with its bytes and its error; read ${kind}`, async () => {
    const { cluster, consumer, take } = await setUp("raw", value);
    assert.deepEqual(await cluster.settle(take(3)), [1, "raw two", 3]);
    await cluster.settle(consumer.close());
  });

  test(`dead letter: the record is sent elsewhere before the next one comes; read ${kind}`, async () => {
    const { cluster, consumer, take, letters } = await setUp(
      { deadLetter: { topic: "graves" } },
      value,
    );
    assert.deepEqual(await cluster.settle(take(2)), [1, 3]);
    assert.equal(letters[0]?.topic, "graves");
    assert.equal(String(letters[0]?.value), "two");
    await cluster.settle(consumer.close());
  });
}
