import assert from "node:assert/strict";
import { test } from "node:test";
import { SimClock } from "@millrace/platform/sim";

import { ShardTimers } from "../../src/runtime/shard-timers.ts";

test("a timer fires once at its deadline; an earlier deadline replaces a later one", async () => {
  const clock = new SimClock();
  const fired: string[] = [];
  const timers = new ShardTimers<string>(clock, (input) => fired.push(input));
  timers.set("a", 100, "late");
  timers.set("a", 50, "early");
  await clock.advance(49);
  assert.deepEqual(fired, []);
  await clock.advance(1);
  assert.deepEqual(fired, ["early"]);
  await clock.advance(100);
  assert.deepEqual(fired, ["early"]);
  assert.equal(timers.count, 0);
});

test("a later deadline only moves the timer, and the last input counts", async () => {
  const clock = new SimClock();
  const fired: string[] = [];
  const timers = new ShardTimers<string>(clock, (input) => fired.push(input));
  timers.set("a", 100, "first");
  await clock.advance(60);
  timers.set("a", 100, "second");
  await clock.advance(99);
  assert.deepEqual(fired, []);
  await clock.advance(1);
  assert.deepEqual(fired, ["second"]);
});

test("a cancelled timer does not fire", async () => {
  const clock = new SimClock();
  const timers = new ShardTimers<string>(clock, () => assert.fail("fired"));
  timers.set("a", 10, "a");
  timers.set("b", 10, "b");
  timers.cancel("a");
  timers.clear();
  await clock.advance(20);
});
