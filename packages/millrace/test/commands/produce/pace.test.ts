import assert from "node:assert/strict";
import { test } from "node:test";
import { SimClock } from "@millrace/platform/sim";
import { Pace } from "../../../src/commands/produce/pace.ts";

async function paced(pace: Pace, recordCount: number, signal: AbortSignal): Promise<void> {
  for (let count = 0; count < recordCount; count += 1) await pace.next(signal);
}

test("a thousand records at 500 a second take two seconds", async () => {
  const clock = new SimClock();
  const beganMs = clock.monotonicMs();
  let endedMs = 0;
  const work = paced(new Pace(clock, 500), 1000, new AbortController().signal).then(() => {
    endedMs = clock.monotonicMs();
  });
  await clock.advance(3000);
  await work;
  const tookMs = endedMs - beganMs;
  assert.ok(tookMs > 1900 && tookMs <= 2000, `${tookMs} ms`);
});

test("an interruption ends the wait", async () => {
  const controller = new AbortController();
  const work = paced(new Pace(new SimClock(), 1), 3, controller.signal);
  controller.abort();
  await work;
});
