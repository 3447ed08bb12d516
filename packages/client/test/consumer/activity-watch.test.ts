import assert from "node:assert/strict";
import { test } from "node:test";

import type { Clock } from "@millrace/platform";
import { simPlatform } from "@millrace/platform/sim";
import { ActivityWatch } from "../../src/consumer/activity-watch.ts";

function setUp(options: { readonly lateMs?: () => number } = {}) {
  const platform = simPlatform({ seed: 1 });
  const { clock, logger, logLines } = platform;
  const lateMs = options.lateMs ?? (() => 0);
  const watched: Clock = {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    setTimer: (delayMs, action) => clock.setTimer(delayMs + lateMs(), action),
    setImmediate: (action) => clock.setImmediate(action),
  };
  let activities = 0;
  const watch = new ActivityWatch({
    clock: watched,
    logger,
    maxPollIntervalMs: 300_000,
    onActivity: () => {
      activities += 1;
    },
  });
  watch.start();
  return { clock, watch, logLines, activities: () => activities };
}

test("asking for records is activity, and so is waiting for them; silence is not", async () => {
  const { clock, watch, activities } = setUp();
  await clock.advance(5_000);
  assert.equal(activities(), 0);
  watch.polls += 100;
  await clock.advance(1_500);
  assert.equal(activities(), 1);
  watch.waiting = 1;
  await clock.advance(10_000);
  assert.equal(activities(), 11);
  watch.waiting = 0;
  await clock.advance(10_000);
  assert.equal(activities(), 11);
  watch.close();
});

test("while handlers run, the oldest one tells how long nothing was asked for", async () => {
  const { clock, watch, activities } = setUp();
  watch.busySinceMs = () => 2_000;
  watch.polls += 1;
  await clock.advance(60_000);
  assert.equal(activities(), 1);
  assert.equal(watch.lastPollAtMs, 2_000);
  watch.close();
});

test("a blocked event loop is told", async () => {
  let lateMs = 0;
  const { clock, watch, logLines } = setUp({ lateMs: () => lateMs });
  await clock.advance(1_000);
  assert.equal(watch.eventLoop().lastBlockedAtMs, -1);
  lateMs = 2_500;
  await clock.advance(10_000);
  assert.equal(watch.eventLoop().lastBlockedMs, 2_500);
  assert.ok(logLines.some(({ message }) => message.startsWith("the event loop was blocked")));
  watch.close();
});
