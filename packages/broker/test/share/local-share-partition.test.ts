import assert from "node:assert/strict";
import { test } from "node:test";

import { ZERO_UUID } from "@millrace/protocol";

import { LocalSharePartition } from "../../src/share/local-share-partition.ts";
import { BrokerFixture } from "../support/broker-fixture.ts";
import { MemoryPersister } from "../support/memory-persister.ts";
import { produced } from "../support/share-member.ts";

async function localOf(fixture: BrokerFixture, persister: MemoryPersister) {
  await produced(fixture, "orders", ["a", "b"]);
  const { replicas, deadlines, sharePartitions } = fixture.broker.services;
  const partition = replicas.partition("orders", 0);
  assert.ok(partition !== undefined);
  const fenced: LocalSharePartition[] = [];
  const { clock } = fixture.platform;
  const local = new LocalSharePartition({
    groupId: "g",
    topicId: ZERO_UUID,
    partition,
    persister,
    deadlines,
    metrics: sharePartitions.metrics.partition("g", "orders", 0),
    settings: () => sharePartitions.settings("g"),
    monotonicMs: () => clock.monotonicMs(),
    nowMs: () => clock.nowMs(),
    onFenced: (which) => fenced.push(which),
    onDeadLetters: () => {},
  });
  return { local, fenced };
}

const nobody = { wake: () => {} };

function acquire(local: LocalSharePartition): number {
  const acquired = local.acquire({
    memberId: "a",
    mode: "batch_optimized",
    batchSize: 500,
    maxRecords: 500,
    fetchOffset: local.fetchOffset(nobody) ?? -1,
    batches: [{ baseOffset: 0, lastOffset: 1 }],
    abortedBatches: [],
  });
  return acquired.length;
}

const acceptAll = [{ firstOffset: 0, lastOffset: 1, acknowledgeTypes: [1] }];

test("a state that cannot be read is asked for again, and what is new starts at the end", async () => {
  await using fixture = await BrokerFixture.start();
  const persister = new MemoryPersister();
  const { local } = await localOf(fixture, persister);
  persister.failWith = "GROUP_ID_NOT_FOUND";
  assert.equal((await local.load()).error, "GROUP_ID_NOT_FOUND");
  assert.equal(local.fetchOffset(nobody), undefined);
  persister.failWith = "NONE";
  assert.equal((await local.load()).error, "NONE");
  assert.equal(local.fetchOffset(nobody), 2);
});

test("what could not be kept is the member's again until its lock ends", async () => {
  await using fixture = await BrokerFixture.start();
  const persister = new MemoryPersister();
  persister.startOffset = 0;
  const { local, fenced } = await localOf(fixture, persister);
  await local.load();
  assert.equal(acquire(local), 1);
  persister.failWith = "COORDINATOR_NOT_AVAILABLE";
  assert.equal((await local.acknowledge("a", acceptAll)).error, "COORDINATOR_NOT_AVAILABLE");
  assert.equal(local.fetchOffset(nobody), 2);
  await fixture.platform.clock.advance(30_001);
  assert.equal(local.fetchOffset(nobody), 0);
  assert.deepEqual(fenced, []);
});

test("a newer state epoch fences this leader's view", async () => {
  await using fixture = await BrokerFixture.start();
  const persister = new MemoryPersister();
  persister.startOffset = 0;
  const { local, fenced } = await localOf(fixture, persister);
  await local.load();
  acquire(local);
  persister.failWith = "FENCED_STATE_EPOCH";
  assert.equal((await local.acknowledge("a", acceptAll)).error, "NOT_LEADER_OR_FOLLOWER");
  assert.deepEqual(fenced, [local]);
  local.fence();
  assert.equal(local.isCurrent, false);
  assert.equal((await local.acknowledge("a", acceptAll)).error, "NOT_LEADER_OR_FOLLOWER");
});

test("a new leader epoch makes the view useless", async () => {
  await using fixture = await BrokerFixture.start();
  const persister = new MemoryPersister();
  persister.startOffset = 0;
  const { local } = await localOf(fixture, persister);
  await local.load();
  assert.equal(local.isCurrent, true);
  const { partition } = local;
  partition.updateState({ ...partition.state, leaderEpoch: partition.leaderEpoch + 1 });
  assert.equal(local.isCurrent, false);
  assert.equal(local.fetchOffset(nobody), undefined);
});

test("while one fetch reads, another is turned away and woken at its end", async () => {
  await using fixture = await BrokerFixture.start();
  const persister = new MemoryPersister();
  persister.startOffset = 0;
  const { local } = await localOf(fixture, persister);
  await local.load();
  let wakes = 0;
  const other = { wake: () => (wakes += 1) };
  local.beginFetch();
  assert.equal(local.fetchOffset(other), undefined);
  local.endFetch();
  assert.equal(wakes, 1);
  local.beginFetch();
  local.endFetch();
  assert.equal(wakes, 1);
});
