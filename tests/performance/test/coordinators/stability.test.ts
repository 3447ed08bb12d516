import assert from "node:assert/strict";
import { test } from "node:test";

import { Stability } from "../../src/coordinators/stability.ts";

const timeoutMs = 1_000;

/** Whether a promise is kept already. */
async function isKept(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => false)]);
}

test("a group is stable when all are in one epoch and share all partitions equally", async () => {
  const stability = new Stability(2, 4);
  const reached = stability.reached(timeoutMs);
  stability.update("a", 1, 4);
  stability.update("b", 1, 0);
  assert.equal(await isKept(reached), false, "one member has everything");
  stability.update("a", 2, 2);
  stability.update("b", 1, 2);
  assert.equal(await isKept(reached), false, "one member is an epoch behind");
  stability.update("b", 2, 2);
  await reached;
});

test("who has left is not waited for", async () => {
  const stability = new Stability(2, 4);
  stability.update("a", 1, 2);
  stability.update("b", 1, 2);
  stability.expect(1);
  stability.remove("a");
  const reached = stability.reached(timeoutMs);
  stability.update("b", 2, 4);
  await reached;
});
