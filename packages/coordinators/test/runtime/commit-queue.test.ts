import assert from "node:assert/strict";
import { test } from "node:test";

import { CommitQueue } from "../../src/runtime/commit-queue.ts";

test("what waits is released in order, up to what is committed", () => {
  const queue = new CommitQueue();
  const released: number[] = [];
  for (const offset of [1, 2, 2, 5]) queue.park(offset, () => released.push(offset));
  queue.advance(2);
  assert.deepEqual(released, [1, 2, 2]);
  assert.equal(queue.size, 1);
  queue.advance(9);
  assert.deepEqual(released, [1, 2, 2, 5]);
});

test("a release may park and advance again", () => {
  const queue = new CommitQueue();
  const released: string[] = [];
  queue.park(1, () => {
    released.push("first");
    queue.park(1, () => released.push("second"));
    queue.advance(1);
  });
  queue.park(2, () => released.push("third"));
  queue.advance(1);
  assert.deepEqual(released, ["first"]);
  queue.advance(2);
  assert.deepEqual(released, ["first", "third", "second"]);
});

test("what is cleared is never released", () => {
  const queue = new CommitQueue();
  queue.park(1, () => assert.fail("released"));
  queue.clear();
  queue.advance(1);
});
