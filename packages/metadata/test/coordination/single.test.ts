import assert from "node:assert/strict";
import { test } from "node:test";

import { SingleCoordination } from "../../src/coordination/single.ts";

test("each campaign gives an epoch above every one seen before", async () => {
  const coordination = new SingleCoordination();
  const first = await coordination.campaign({ nodeId: 1, lastSeenEpoch: 41 });
  assert.equal(first.epoch, 42);
  const second = await coordination.campaign({ nodeId: 1, lastSeenEpoch: 3 });
  assert.equal(second.epoch, 43);
});

test("the register refuses a change that is based on an older value", async () => {
  const { metadataPartition } = new SingleCoordination();
  assert.deepEqual(await metadataPartition.read(), { version: 0, state: undefined });
  const state = { leader: 1, epoch: 1, isr: [1] };
  assert.equal(await metadataPartition.compareAndSet(0, state), "set");
  assert.equal(await metadataPartition.compareAndSet(0, { ...state, epoch: 2 }), "conflict");
  assert.deepEqual(await metadataPartition.read(), { version: 1, state });
});

test("who registers is alive until it closes", async () => {
  const coordination = new SingleCoordination();
  const seen: number[][] = [];
  const listener = { onLiveBrokers: (ids: ReadonlySet<number>) => seen.push([...ids]) };
  const registration = await coordination.register(7, listener);
  await coordination.close();
  assert.deepEqual(seen, [[7]]);
  await registration.close();
});
