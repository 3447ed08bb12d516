import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { memoryUsage } from "node:process";
import { test } from "node:test";
import { decodeFuzzFrame, FrameFuzzer } from "../samples/index.ts";

const frameCount = 200_000;
const seed = 20_261_123;
const megabyte = 2 ** 20;
/** A frame of 1 kB may not keep the process for longer than a slow machine's collection pauses. */
const frameTimeMaxMs = 1000;
const memoryGrowthMaxBytes = 300 * megabyte;

test(`${frameCount} hostile frames over every API and version are decoded or refused`, (t) => {
  const fuzzer = new FrameFuzzer(seed);
  const counts = { frames: 0, decoded: 0, refused: 0, sizeBytes: 0 };
  const rssBefore = memoryUsage.rss();
  const began = performance.now();
  let slowestMs = 0;
  for (let index = 0; index < frameCount; index += 1) {
    const frame = fuzzer.next();
    const frameBegan = performance.now();
    decodeFuzzFrame(frame, counts);
    slowestMs = Math.max(slowestMs, performance.now() - frameBegan);
  }
  const seconds = (performance.now() - began) / 1000;
  const grownBytes = memoryUsage.rss() - rssBefore;
  const rate = Math.round(frameCount / seconds / 1000);
  t.diagnostic(
    `${counts.decoded} decoded, ${counts.refused} refused, ${fuzzer.targetCount} versions, ` +
      `${rate} k frames/s, slowest ${slowestMs.toFixed(1)} ms, ` +
      `${Math.round(grownBytes / megabyte)} MiB more memory`,
  );
  assert.equal(counts.decoded + counts.refused, frameCount);
  // A fuzzer whose frames are all refused, or none, has lost its point.
  assert.ok(counts.decoded > frameCount / 50, "too few frames are decoded");
  assert.ok(counts.refused > frameCount / 2, "too few frames are refused");
  assert.ok(slowestMs < frameTimeMaxMs, `a frame took ${slowestMs} ms`);
  assert.ok(grownBytes < memoryGrowthMaxBytes, `${grownBytes} bytes more memory`);
});

test("the same seed gives the same frames", () => {
  const [first, second] = [new FrameFuzzer(7), new FrameFuzzer(7)];
  for (let index = 0; index < 1000; index += 1) assert.deepEqual(first.next(), second.next());
});
