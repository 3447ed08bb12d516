import assert from "node:assert/strict";
import { test } from "node:test";

import { buildRecordBatch, batchHeader, RecordCursor } from "@millrace/protocol";
import { ConsumerRecord, markUnreadable, readNow } from "../../src/consumer/consumer-record.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import type { Deserializer } from "../../src/serdes/serde.ts";

function recordOf<V>(
  value: Deserializer<V>,
  text: string | null = "value",
): ConsumerRecord<string, V> {
  const bytes = buildRecordBatch(
    [
      { timestamp: 5_000, key: null, value: null },
      {
        timestamp: 5_001,
        key: Buffer.from("key"),
        value: text === null ? null : Buffer.from(text),
        headers: [{ key: "kind", value: Buffer.from("test") }],
      },
    ],
    { baseOffset: 2 ** 40, partitionLeaderEpoch: 9, compression: "zstd" },
  );
  const cursor = new RecordCursor().open(bytes, 0);
  cursor.next();
  cursor.next();
  const key: Deserializer<string> = { deserialize: String };
  return new ConsumerRecord(
    {
      topic: "orders",
      partition: 3,
      leaderEpoch: 9,
      timestampType: "create_time",
      bytes: cursor.bytes,
      baseOffset: batchHeader.baseOffset(bytes, 0),
      baseTimestamp: batchHeader.baseTimestamp(bytes, 0),
      deserializers: { key, value },
    },
    cursor,
  );
}

test("a record's parts are decoded when they are asked for, once", () => {
  let calls = 0;
  const record = recordOf({
    deserialize: (bytes, context) => {
      calls += 1;
      assert.equal(context.topic, "orders");
      assert.equal(context.part, "value");
      assert.equal(String(context.headers.last("kind")), "test");
      return bytes?.length ?? 0;
    },
  });
  assert.equal(calls, 0);
  assert.equal(record.value, 5);
  assert.equal(record.value, 5);
  assert.equal(calls, 1);
  assert.equal(record.key, "key");
  assert.equal(record.offset, 2n ** 40n + 1n);
  assert.equal(record.timestamp, 5_001);
  assert.equal(record.leaderEpoch, 9);
  assert.equal(record.sizeBytes, 8);
  assert.equal(record.headers.text("kind"), "test");
});

test("a tombstone is null to its deserializer", () => {
  assert.equal(recordOf({ deserialize: (bytes) => bytes }, null).value, null);
});

test("what cannot be read says which record, and why", () => {
  const record = recordOf({
    deserialize: () => {
      throw new SyntaxError("no JSON");
    },
  });
  assert.throws(
    () => readNow(record),
    (error) => {
      assert.ok(error instanceof KafkaError);
      assert.equal(error.code, "DESERIALIZATION_FAILED");
      assert.match(
        error.message,
        /value of the record at offset 1099511627777 .*no JSON.*orders-3/,
      );
      assert.ok(error.cause instanceof SyntaxError);
      return true;
    },
  );
});

test("a deserializer may wait", async () => {
  const record = recordOf({ deserialize: (bytes) => Promise.resolve(String(bytes)) });
  await readNow(record);
  assert.equal(record.value, "value");
});

test("a record that is handed over raw has its bytes, and throws for the rest", () => {
  const record = recordOf({ deserialize: String });
  const error = new KafkaError("DESERIALIZATION_FAILED", "no");
  markUnreadable(record, error);
  assert.equal(record.error, error);
  assert.equal(String(record.valueBytes), "value");
  assert.throws(() => record.value, error);
});
