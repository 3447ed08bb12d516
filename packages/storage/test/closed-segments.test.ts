import assert from "node:assert/strict";
import { test } from "node:test";
import { ClosedSegments } from "../src/closed-segments.ts";

test("the segment that holds an offset is the last that begins at or before it", () => {
  const segments = new ClosedSegments();
  for (let index = 0; index < 100; index += 1) segments.push({ baseOffset: 50 + index * 10 });
  assert.equal(segments.find(49), -1);
  assert.equal(segments.find(50), 0);
  assert.equal(segments.find(59), 0);
  assert.equal(segments.find(60), 1);
  assert.equal(segments.find(1_000_000), 99);
});

test("sizes and timestamps are looked up once", () => {
  const segments = new ClosedSegments();
  segments.push({ baseOffset: 0 });
  segments.push({ baseOffset: 10, sizeBytes: 7, largestTimestampMs: 8 });
  const looked: number[] = [];
  const look = (baseOffset: number): number => looked.push(baseOffset);
  assert.equal(segments.sizeBytes(0, look), 1);
  assert.equal(segments.sizeBytes(0, look), 1);
  assert.equal(segments.sizeBytes(1, look), 7);
  assert.equal(segments.knowsTimestamp(0), false);
  assert.equal(segments.largestTimestampMs(1, look), 8);
  assert.deepEqual(looked, [0]);
});

test("segments are replaced in the middle", () => {
  const segments = new ClosedSegments();
  for (const baseOffset of [0, 10, 20, 30]) segments.push({ baseOffset });
  segments.splice(1, 3, [{ baseOffset: 10, sizeBytes: 5, largestTimestampMs: 6 }]);
  const found = Array.from({ length: segments.count }, (_, at) => segments.baseOffset(at));
  assert.deepEqual(found, [0, 10, 30]);
  assert.equal(
    segments.sizeBytes(1, () => 0),
    5,
  );
  segments.splice(0, 2, []);
  assert.equal(segments.baseOffset(0), 30);
});
