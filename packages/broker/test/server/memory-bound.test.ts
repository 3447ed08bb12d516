import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryBound } from "../../src/server/memory-bound.ts";

test("one owner may pass the bound until it is finished; then the next may", () => {
  const memory = new MemoryBound({ bytesMax: 100 });
  const [first, second] = [{}, {}];
  assert.equal(memory.mayTake(60, first), true);
  memory.charge(60);
  assert.equal(memory.mayTake(60, second), true, "it has the privilege now");
  assert.equal(memory.mayTake(60, first), false);
  assert.equal(memory.mayTake(40, first), true, "what fits needs none");
  memory.finished(second);
  assert.equal(memory.mayTake(60, first), true);
});

test("whoever waits is told when memory is given back, once and a turn later", async () => {
  const memory = new MemoryBound({ bytesMax: 100 });
  memory.charge(100);
  let told = 0;
  memory.whenFree(() => {
    told += 1;
  });
  memory.charge(-50);
  memory.charge(-10);
  assert.equal(told, 0);
  assert.equal(memory.waitingCount, 0);
  await Promise.resolve();
  assert.equal(told, 1);
});
