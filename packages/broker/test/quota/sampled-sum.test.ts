import assert from "node:assert/strict";
import { test } from "node:test";

import { SampledSum, throttleMsOf } from "../../src/quota/sampled-sum.ts";

const windows = { samples: 11, windowMs: 1000 };

test("a burst at the beginning is spread over all windows but the one under way", () => {
  const sum = new SampledSum(windows);
  sum.record(5000, 100);
  assert.equal(sum.spanMs(100), 10_000);
  assert.equal(sum.perSecond(100), 500);
  assert.equal(sum.spanMs(600), 10_500);
  assert.equal(sum.spanMs(1100), 10_000);
});

test("samples that lie before all windows are forgotten, and a rest as well", () => {
  const sum = new SampledSum(windows);
  for (let nowMs = 0; nowMs < 20_000; nowMs += 100) sum.record(100, nowMs);
  assert.equal(Math.round(sum.perSecond(19_999)), 1000);
  assert.equal(sum.sum(40_000), 0);
});

test("a steady rate is measured as it is, whatever the windows", () => {
  for (const samples of [1, 2, 5, 30]) {
    const sum = new SampledSum({ samples, windowMs: 500 });
    for (let nowMs = 0; nowMs < 60_000; nowMs += 10) sum.record(10, nowMs);
    const rate = sum.perSecond(60_000);
    assert.ok(Math.abs(rate - 1000) < 30, `${samples} samples: ${rate}`);
  }
});

test("the throttle brings the rate back to the limit", () => {
  const sum = new SampledSum(windows);
  sum.record(10_000, 0);
  assert.equal(throttleMsOf(sum, 1000, 0), 0);
  sum.record(5000, 0);
  // 1,500 a second over ten: half of the time too much.
  assert.equal(throttleMsOf(sum, 1000, 0), 5000);
  assert.equal(throttleMsOf(sum, 1e-9, 0), 2_147_483_647);
  sum.record(-5000, 0);
  assert.equal(throttleMsOf(sum, 1000, 0), 0);
});

test("who waits as long as told keeps to the limit in the long run", () => {
  const sum = new SampledSum(windows);
  let nowMs = 0;
  let total = 0;
  while (nowMs < 300_000) {
    sum.record(4096, nowMs);
    total += 4096;
    nowMs += 1 + throttleMsOf(sum, 10_000, nowMs);
  }
  const rate = total / (nowMs / 1000);
  assert.ok(Math.abs(rate - 10_000) < 700, `${rate}`);
});
