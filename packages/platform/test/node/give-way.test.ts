import assert from "node:assert/strict";
import { test } from "node:test";
import { createGiveWay } from "../../src/node/give-way.ts";

/** Works for so long, giving way all the time; returns how much of it the thread was away. */
function awayMs(giveWay: () => void, workMs: number): number {
  const startMs = performance.now();
  let away = 0;
  let lastMs = startMs;
  while (lastMs - startMs < workMs) {
    giveWay();
    const nowMs = performance.now();
    if (nowMs - lastMs >= 0.05) away += nowMs - lastMs;
    lastMs = nowMs;
  }
  return away;
}

test("on a shared core the thread sleeps a part of the time", () => {
  assert.ok(awayMs(createGiveWay(1), 20) > 1);
});

test("with cores enough it never sleeps", () => {
  const giveWay = createGiveWay(16);
  const startMs = process.cpuUsage();
  for (let count = 0; count < 1000; count += 1) giveWay();
  assert.ok(process.cpuUsage(startMs).system < 50_000);
});
