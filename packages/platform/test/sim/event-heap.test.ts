import assert from "node:assert/strict";
import { test } from "node:test";
import { EventHeap, SimRandom } from "@millrace/platform/sim";

test("events come out by time, those of one moment in the order they were made", async () => {
  const random = new SimRandom(5);
  const heap = new EventHeap();
  const ran: { readonly atMs: number; readonly number: number }[] = [];
  for (let number = 0; number < 2000; number += 1) {
    const atMs = random.nextInt(50);
    const event = heap.schedule(atMs, () => ran.push({ atMs, number }));
    if (random.happens(5)) event.action = undefined;
  }
  await heap.runUntil(() => false);
  const sorted = ran.toSorted((a, b) => a.atMs - b.atMs || a.number - b.number);
  assert.ok(ran.length > 1000);
  assert.deepEqual(ran, sorted);
  assert.equal(heap.nextEventMs(), undefined);
});
