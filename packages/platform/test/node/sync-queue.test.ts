import assert from "node:assert/strict";
import { test } from "node:test";
import { SyncQueue } from "../../src/node/sync-queue.ts";

test("no more start than fit, the others in the order they came", () => {
  const queue = new SyncQueue(2);
  const started: number[] = [];
  for (let number = 0; number < 5; number += 1) queue.enter(() => started.push(number));
  assert.deepEqual(started, [0, 1]);
  assert.equal(queue.waitingCount(), 3);
  queue.leave();
  assert.deepEqual(started, [0, 1, 2]);
  for (let count = 0; count < 4; count += 1) queue.leave();
  assert.deepEqual(started, [0, 1, 2, 3, 4]);
  queue.enter(() => started.push(5));
  queue.enter(() => started.push(6));
  queue.enter(() => started.push(7));
  assert.deepEqual(started.slice(5), [5, 6]);
});
