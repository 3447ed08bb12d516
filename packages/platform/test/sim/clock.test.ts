import assert from "node:assert/strict";
import { test } from "node:test";
import { SimClock } from "@millrace/platform/sim";
import { testClock } from "../contract/clock-contract.ts";

testClock({
  name: "SimClock",
  create: () => new SimClock(),
  pass: async (clock, durationMs) => {
    assert.ok(clock instanceof SimClock);
    await clock.advance(durationMs);
  },
});

test("what follows from an event has happened before the next event", async () => {
  const clock = new SimClock();
  const seen: string[] = [];
  clock.setTimer(1, () => {
    let chain = Promise.resolve();
    for (let step = 0; step < 1000; step += 1) chain = chain.then(() => {});
    void chain.then(() => seen.push("followed"));
  });
  clock.setTimer(1, () => seen.push("next"));
  await clock.advance(1);
  assert.deepEqual(seen, ["followed", "next"]);
});

test("a timer set by a timer runs in the same advance when it is due", async () => {
  const clock = new SimClock();
  const atMs: number[] = [];
  const tick = (): void => {
    atMs.push(clock.monotonicMs());
    clock.setTimer(10, tick);
  };
  clock.setTimer(10, tick);
  await clock.advance(35);
  assert.deepEqual(atMs, [10, 20, 30]);
  assert.equal(clock.monotonicMs(), 35);
});

test("runUntil stops as soon as it is done, or when nothing is left", async () => {
  const clock = new SimClock();
  let count = 0;
  for (let index = 1; index <= 5; index += 1) clock.setTimer(index, () => (count += 1));
  assert.equal(await clock.runUntil(() => count === 3), true);
  assert.equal(clock.monotonicMs(), 3);
  assert.equal(await clock.runUntil(() => count === 9), false);
  assert.equal(count, 5);
});

test("a machine's timers do not outlive it", async () => {
  const clock = new SimClock();
  let hasRun = false;
  clock.setTimer(1, () => {
    hasRun = true;
  });
  clock.endLife();
  await clock.advance(5);
  assert.equal(hasRun, false);
});
