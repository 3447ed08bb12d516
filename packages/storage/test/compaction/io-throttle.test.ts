import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { IoThrottle } from "../../src/compaction/io-throttle.ts";

test("reading and writing takes as long as the rate asks for", async () => {
  const { clock } = simPlatform({ seed: 1 });
  const throttle = new IoThrottle(clock, 1000);
  let isDone = false;
  const work = (async (): Promise<void> => {
    for (let count = 0; count < 100; count += 1) if (throttle.spend(100)) await throttle.rest();
    isDone = true;
  })();
  const startMs = clock.monotonicMs();
  await clock.runUntil(() => isDone, 60_000);
  await work;
  const tookMs = clock.monotonicMs() - startMs;
  assert.ok(tookMs >= 9900 && tookMs <= 10_100, `${tookMs} ms for 10,000 bytes`);
});

test("without a rate others only get a turn now and then", () => {
  const { clock } = simPlatform({ seed: 1 });
  const throttle = new IoThrottle(clock, Infinity);
  assert.equal(throttle.spend(1024 * 1024), false);
  assert.equal(throttle.spend(4 * 1024 * 1024), true);
});
