import assert from "node:assert/strict";
import { test } from "node:test";

import { AssignedPartition } from "../../src/consumer/assigned-partition.ts";
import { FetchedRecords, FetchFailure } from "../../src/consumer/fetched-records.ts";
import { RecordBuffer } from "../../src/consumer/record-buffer.ts";
import { deserializerOr } from "../../src/consumer/record-reader.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { ScriptedLog } from "./support/scripted-logs.ts";

function partitionAt(index: number): AssignedPartition {
  const partition = new AssignedPartition({ topic: "orders", partition: index });
  partition.moveTo(0, -1);
  return partition;
}

function chunk(log: ScriptedLog, fetchOffset = 0): FetchedRecords<unknown, unknown> {
  const bytes = deserializerOr<unknown>(undefined);
  return new FetchedRecords({
    topic: "orders",
    partition: 0,
    bytes: log.read(fetchOffset, 1e9),
    fetchOffset,
    abortedTransactions: undefined,
    checkCrcs: true,
    decompressedBytesMax: 1e6,
    deserializers: { key: bytes, value: bytes },
  });
}

test("partitions take turns, a chunk at a time, and bytes are given back", () => {
  let rooms = 0;
  const buffer = new RecordBuffer({ onRoom: () => (rooms += 1) });
  const [first, second] = [partitionAt(0), partitionAt(1)];
  const log = new ScriptedLog().append(["a", "b"]);
  const next = new ScriptedLog().append(["a", "b"]).append(["c"]);
  buffer.add(first, chunk(log));
  buffer.add(first, chunk(next, 2));
  buffer.add(second, chunk(log));
  const order: string[] = [];
  for (let record = buffer.take(); record !== undefined; record = buffer.take()) {
    order.push(`${buffer.current?.partition}:${String(record.value)}`);
  }
  assert.deepEqual(order, ["0:a", "0:b", "1:a", "1:b", "0:c"]);
  assert.equal(buffer.sizeBytes, 0);
  assert.equal(rooms, 3);
  assert.equal(first.position, 3);
  assert.equal(first.finished, 3);
});

test("a paused partition keeps what it has, and a dropped one does not", () => {
  const buffer = new RecordBuffer({ onRoom: () => undefined });
  const partition = partitionAt(0);
  buffer.add(partition, chunk(new ScriptedLog().append(["a", "b"])));
  buffer.pause(partition);
  assert.equal(buffer.take(), undefined);
  buffer.resume(partition);
  assert.equal(String(buffer.take()?.value), "a");
  buffer.drop(partition);
  assert.equal(buffer.take(), undefined);
  assert.equal(buffer.sizeBytes, 0);
  assert.equal(partition.position, 1);
});

test("behind what was left out the position goes on", () => {
  const buffer = new RecordBuffer({ onRoom: () => undefined });
  const partition = partitionAt(0);
  buffer.add(partition, chunk(new ScriptedLog().append(["a"]).mark("COMMIT", 1n)));
  assert.equal(String(buffer.take()?.value), "a");
  partition.outstanding = 1;
  assert.equal(buffer.take(), undefined);
  assert.equal(partition.position, 2);
  // The record before the marker is still in somebody's hands.
  assert.equal(partition.finished, 0);
});

test("errors come once, fatal ones for ever, and a waiter is woken by each", async () => {
  const buffer = new RecordBuffer({ onRoom: () => undefined });
  const partition = partitionAt(0);
  const waiting = buffer.wait();
  buffer.add(partition, new FetchFailure(new KafkaError("TOPIC_AUTHORIZATION_FAILED", "no"), 0));
  await waiting;
  assert.throws(() => buffer.take(), KafkaError);
  assert.equal(buffer.take(), undefined);
  buffer.fail(new KafkaError("GROUP_AUTHORIZATION_FAILED", "no"));
  await buffer.wait();
  assert.throws(() => buffer.take(), KafkaError);
  assert.equal(buffer.take(), undefined);
  buffer.failForGood(new KafkaError("FENCED_INSTANCE_ID", "no"));
  assert.throws(() => buffer.take(), KafkaError);
  assert.throws(() => buffer.take(), KafkaError);
});
