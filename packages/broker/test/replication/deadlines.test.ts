import assert from "node:assert/strict";
import { test } from "node:test";

import { SimClock } from "@millrace/platform/sim";
import fc from "fast-check";

import { Deadlines } from "../../src/replication/deadlines.ts";

test("actions come in the order of their time, cancelled ones never", async () => {
  const property = fc.asyncProperty(
    fc.array(fc.record({ delayMs: fc.integer({ min: 0, max: 50 }), isCancelled: fc.boolean() }), {
      maxLength: 60,
    }),
    async (entries) => {
      const clock = new SimClock();
      const deadlines = new Deadlines(clock);
      const came: number[] = [];
      for (const { delayMs, isCancelled } of entries) {
        const deadline = deadlines.add(delayMs, () => {
          assert.equal(Math.round(clock.monotonicMs()), delayMs);
          came.push(delayMs);
        });
        if (isCancelled) deadline.cancel();
      }
      await clock.advance(100);
      const expected = entries
        .filter((entry) => !entry.isCancelled)
        .map((entry) => entry.delayMs)
        .sort((left, right) => left - right);
      assert.deepEqual(came, expected);
      assert.equal(deadlines.size, 0);
    },
  );
  await fc.assert(property, { seed: 8, numRuns: 100 });
});

test("cancelled deadlines are swept when they outnumber the live ones", async () => {
  const clock = new SimClock();
  const deadlines = new Deadlines(clock);
  let came = 0;
  deadlines.add(5000, () => {
    came += 1;
  });
  for (let index = 0; index < 5000; index += 1) deadlines.add(9000, () => {}).cancel();
  assert.equal(deadlines.size, 1);
  await clock.advance(10_000);
  assert.equal(came, 1);
});

test("an action may set the next deadline, and none comes after close", async () => {
  const clock = new SimClock();
  const deadlines = new Deadlines(clock);
  const came: number[] = [];
  const again = (): void => {
    came.push(clock.monotonicMs());
    deadlines.add(10, again);
  };
  deadlines.add(10, again);
  await clock.advance(35);
  assert.deepEqual(came, [10, 20, 30]);
  deadlines.close();
  await clock.advance(100);
  assert.equal(came.length, 3);
});
