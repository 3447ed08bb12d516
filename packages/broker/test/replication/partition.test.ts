import assert from "node:assert/strict";
import { test } from "node:test";

import type { Partition } from "../../src/replication/partition.ts";
import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

async function openPartition(fixture: BrokerFixture): Promise<Partition> {
  await createTopic(fixture, "orders");
  const partition = fixture.broker.services.replicas.partition("orders", 0);
  assert.ok(partition !== undefined);
  return partition;
}

function append(partition: Partition, value: string, isAcksAll: boolean): number {
  const outcome = partition.append({ bytes: batchOf(value), origin: "client", isAcksAll });
  assert.ok(outcome.kind === "appended");
  return outcome.lastOffset + 1;
}

test("the high watermark passes acks=1 batches at once, but none that is behind acks=all", async () => {
  await using fixture = await BrokerFixture.start();
  const partition = await openPartition(fixture);
  append(partition, "first", false);
  assert.equal(partition.log.highWatermark, 1);
  const endOffset = append(partition, "durable", true);
  append(partition, "behind", false);
  assert.equal(partition.log.highWatermark, 1);
  let failure: string | undefined = "not called";
  partition.whenCommitted(endOffset, (known) => {
    failure = known;
  });
  await fixture.platform.clock.advance(100);
  assert.equal(failure, undefined);
  assert.equal(partition.log.highWatermark, 3);
});

test("batches of one turn share a sync, and batches during a sync share the next", async () => {
  await using fixture = await BrokerFixture.start();
  const partition = await openPartition(fixture);
  const settled: string[] = [];
  for (const value of ["a", "b", "c"]) {
    partition.whenCommitted(append(partition, value, true), () => settled.push(value));
  }
  await fixture.platform.clock.runUntil(() => settled.length > 0, 1000);
  assert.deepEqual(settled, ["a", "b", "c"]);
});

test("who waits is told when the partition is led no more, and a forgotten waiter is not", async () => {
  await using fixture = await BrokerFixture.start();
  const partition = await openPartition(fixture);
  const told: (string | undefined)[] = [];
  const endOffset = append(partition, "a", true);
  partition.whenCommitted(endOffset, (failure) => told.push(failure));
  const forget = partition.whenCommitted(endOffset, () => told.push("forgotten"));
  forget();
  partition.stop();
  assert.equal(partition.isLeader, false);
  assert.deepEqual(told, ["NOT_LEADER_OR_FOLLOWER"]);
});

test("a sync that fails is told to who waits, takes the directory offline, and is not tried again", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  const partition = await openPartition(fixture);
  const { path } = partition.log;
  fixture.platform.fileSystem.disk.faults.add({
    operations: ["sync"],
    matches: (candidate) => candidate.startsWith(path),
    systemCode: "EIO",
  });
  const told: (string | undefined)[] = [];
  partition.whenCommitted(append(partition, "a", true), (failure) => told.push(failure));
  await fixture.platform.clock.advance(1000);
  assert.deepEqual(told, ["KAFKA_STORAGE_ERROR"]);
  assert.equal(partition.log.isOffline, true);
});
