import assert from "node:assert/strict";
import { test } from "node:test";

import { batchHeader, compressionIds, isBatchCrcValid, readRecords } from "@millrace/protocol";

import { BufferPool } from "../../../src/producer/batch/buffer-pool.ts";
import { ProducerBatch } from "../../../src/producer/batch/producer-batch.ts";
import type { Delivery } from "../../../src/producer/delivery.ts";
import type { SerializedRecord } from "../../../src/producer/producer-record.ts";

const place = { topicName: "orders", partition: 3 };
const producer = { producerId: 77n, producerEpoch: 4, isTransactional: true };

test("every codec gives a batch that reads back, stamped with producer and sequence", () => {
  for (const compression of ["none", "gzip", "snappy", "lz4", "zstd"] as const) {
    const { batch } = batchOf(100);
    batch.close(compression, undefined);
    batch.setProducer(producer, 12);
    const bytes = batch.encoded();
    assert.ok(isBatchCrcValid(bytes, 0));
    assert.equal(batchHeader.compressionId(bytes, 0), compressionIds[compression]);
    assert.equal(batchHeader.producerId(bytes, 0), 77n);
    assert.equal(batchHeader.producerEpoch(bytes, 0), 4);
    assert.equal(batchHeader.baseSequence(bytes, 0), 12);
    assert.ok(batchHeader.isTransactional(bytes, 0));
    assert.equal(batchHeader.maxTimestamp(bytes, 0), 1099);
    assert.equal(batchHeader.sizeBytes(bytes, 0), bytes.length);
    const values = [...readRecords(bytes, 0)].map(({ value }) => String(value));
    assert.deepEqual(
      values,
      Array.from({ length: 100 }, (_, index) => `value ${index}`),
    );
  }
});

test("another sequence changes header and checksum, and nothing else", () => {
  const { batch } = batchOf(3);
  batch.close("none", undefined);
  batch.setProducer(producer, 0);
  const before = Buffer.from(batch.encoded());
  batch.resetProducer({ ...producer, producerEpoch: 5, isTransactional: false }, 8);
  const after = batch.encoded();
  assert.ok(isBatchCrcValid(after, 0));
  assert.equal(batchHeader.baseSequence(after, 0), 8);
  assert.equal(batchHeader.isTransactional(after, 0), false);
  assert.deepEqual(after.subarray(61), before.subarray(61));
  assert.equal(batch.sequenceHasBeenReset, true);
});

test("its memory comes back when it is done, unless a connection may still read it", () => {
  const { batch, pool } = batchOf(3);
  batch.close("none", undefined);
  batch.isOnWire = true;
  batch.delivered(0, -1);
  assert.equal(pool.usedBytes, 4096);
  batch.release();
  assert.equal(pool.usedBytes, 0);
  batch.release();
  assert.equal(pool.usedBytes, 0);
});

test("growing keeps the records, and stops where the pool has no more", () => {
  const pool = new BufferPool(20_000);
  const batch = new ProducerBatch({ place, pool, createdMs: 0, sizeBytes: 100 });
  const big = recordOf("x".repeat(3000), 0);
  batch.append(big, undefined);
  assert.equal(batch.hasRoomFor(3100), false);
  assert.equal(batch.grow(3100), true);
  batch.append(big, undefined);
  assert.equal(batch.grow(20_000), false);
  batch.close("none", undefined);
  assert.equal([...readRecords(batch.encoded(), 0)].length, 2);
  assert.equal(pool.usedBytes, 8192);
});

test("parts of a batch have its records and deliveries in order, each within the limit", () => {
  const told: string[] = [];
  const { batch } = batchOf(50, (index) => tellingDelivery(`${index}`, told));
  batch.close("zstd", undefined);
  const parts = batch.split(400);
  let doneCount = 0;
  batch.onDone(() => {
    doneCount += 1;
  });
  batch.replacedBy(parts);
  assert.ok(parts.length > 2);
  let offset = 0;
  for (const part of parts) {
    part.close("none", undefined);
    assert.ok(part.sizeBytes <= 400);
    assert.equal(doneCount, 0);
    part.delivered(offset, -1);
    offset += part.recordsCount;
  }
  assert.equal(doneCount, 1);
  assert.deepEqual(
    told,
    Array.from({ length: 50 }, (_, index) => `${index}: ${index} at ${1000 + index}`),
  );
});

test("the broker's time takes the place of the records' own where it gives one", () => {
  const told: string[] = [];
  const { batch } = batchOf(2, (index) => tellingDelivery(`${index}`, told));
  batch.close("none", undefined);
  batch.delivered(10, 5555);
  assert.deepEqual(told, ["0: 10 at 5555", "1: 11 at 5555"]);
});

function tellingDelivery(name: string, told: string[]): Delivery {
  return {
    delivered: (_place, offset, timestamp) => told.push(`${name}: ${offset} at ${timestamp}`),
    failed: (error) => told.push(`${name}: ${error.message}`),
  };
}

function batchOf(
  count: number,
  deliveryOf: (index: number) => Delivery | undefined = () => undefined,
): { readonly batch: ProducerBatch; readonly pool: BufferPool } {
  const pool = new BufferPool(1_000_000);
  const batch = new ProducerBatch({ place, pool, createdMs: 0, sizeBytes: 4096 });
  for (let index = 0; index < count; index += 1) {
    batch.append(recordOf(`value ${index}`, 1000 + index), deliveryOf(index));
  }
  return { batch, pool };
}

function recordOf(value: string, timestamp: number): SerializedRecord {
  return { partition: 3, timestamp, key: null, value: Buffer.from(value), headers: [] };
}
