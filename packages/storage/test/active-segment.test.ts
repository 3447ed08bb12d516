import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { ActiveSegment } from "../src/active-segment.ts";
import type { LogConfig } from "../src/index.ts";
import { batchOf, configWith, simEnvironment } from "./support.ts";

function newSegment(changes = {}) {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/l");
  const config = configWith({ indexIntervalBytes: 100, ...changes });
  const environment = simEnvironment(platform);
  const options = { directory: "/l", baseOffset: 100, config };
  const segment = ActiveSegment.create(environment, options);
  const add = (offset: number, timestamp: number): void =>
    segment.append(batchOf(["x".repeat(60)], { baseOffset: offset, timestamp }), config);
  return { platform, environment, segment, config, add };
}

test("a batch is found by any offset up to its last", () => {
  const { segment, add } = newSegment();
  for (let offset = 100; offset < 120; offset += 2) add(offset, offset);
  assert.equal(segment.locate(100)?.offset, 100);
  assert.equal(segment.locate(107)?.offset, 108, "offsets that compaction took lead to the next");
  assert.equal(segment.locate(119), undefined);
  assert.equal(segment.readNextOffset(), 119);
});

test("the largest timestamp is known while writing and looked up after opening", () => {
  const { environment, segment, config, add } = newSegment();
  for (const [at, timestamp] of [5, 90, 30, 70].entries()) add(100 + at, timestamp);
  assert.deepEqual(segment.largest, { timestampMs: 90, offset: 101 });
  const reopened = new ActiveSegment(environment, {
    directory: "/l",
    baseOffset: 100,
    config,
    sizeBytes: segment.sizeBytes,
    offsetEntryCount: 0,
    timeEntryCount: 0,
  });
  assert.deepEqual(reopened.largest, { timestampMs: 90, offset: 101 });
});

test("segment.ms counts from the first record, by the clock where records have no time", async () => {
  const { platform, segment, config, add } = newSegment({ segmentMs: 1000 });
  const next = { sizeBytes: 100, lastOffset: 200, config };
  assert.equal(segment.shouldRoll({ ...next, maxTimestampMs: 1e6 }), false, "it is empty");
  add(100, 5000);
  assert.equal(segment.shouldRoll({ ...next, maxTimestampMs: 6000 }), false);
  assert.equal(segment.shouldRoll({ ...next, maxTimestampMs: 6001 }), true);
  const timeless = newSegment({ segmentMs: 1000 });
  timeless.add(100, -1);
  const ask = (): boolean => timeless.segment.shouldRoll({ ...next, maxTimestampMs: -1 });
  assert.equal(ask(), false);
  await timeless.platform.clock.advance(1001);
  assert.equal(ask(), true);
  assert.ok(platform);
});

test("a write that fails is taken back; one that cannot be marks the segment", () => {
  const { platform, segment, add } = newSegment();
  add(100, 1);
  const size = segment.sizeBytes;
  const { faults } = platform.fileSystem.disk;
  faults.add({ operations: ["write"], systemCode: "ENOSPC", failureCount: 1 });
  assert.throws(() => add(101, 2), { systemCode: "ENOSPC" });
  assert.equal(segment.sizeBytes, size);
  assert.equal(segment.isDamaged, false);
  faults.add({ operations: ["write", "truncate"], systemCode: "EIO" });
  assert.throws(() => add(101, 2), { systemCode: "EIO" });
  assert.equal(segment.isDamaged, true);
});

test("a preallocated segment has its full size on disk until it ends", () => {
  const { platform, segment, add } = newSegment({ preallocate: true, segmentBytes: 5000 });
  const sizeOnDisk = (): number | undefined => {
    return platform.fileSystem.stat("/l/00000000000000000100.log")?.sizeBytes;
  };
  assert.equal(sizeOnDisk(), 5000);
  add(100, 1);
  add(101, 2);
  assert.equal(sizeOnDisk(), 5000);
  assert.equal(segment.readNextOffset(), 102);
  segment.finish();
  assert.equal(sizeOnDisk(), segment.sizeBytes);
});

/** Milliseconds that a segment with one batch waits for the next, as its records tell time. */
function rollsAfterMs(segment: ActiveSegment, config: LogConfig): number {
  const { baseOffset } = segment;
  segment.append(batchOf(["x"], { baseOffset, timestamp: 1_000_000 }), config);
  for (let waitedMs = 0; ; waitedMs += 10) {
    const maxTimestampMs = 1_000_000 + waitedMs;
    const next = { sizeBytes: 100, lastOffset: baseOffset + 1, maxTimestampMs, config };
    if (segment.shouldRoll(next)) return waitedMs;
  }
}

test("segment.jitter.ms ends segments earlier, each by another time", () => {
  const plain = newSegment({ segmentMs: 10_000 });
  assert.equal(rollsAfterMs(plain.segment, plain.config), 10_010);
  const { environment, config } = newSegment({ segmentMs: 10_000, segmentJitterMs: 5000 });
  const times = [200, 300, 400].map((baseOffset) => {
    const options = { directory: "/l", baseOffset, config };
    return rollsAfterMs(ActiveSegment.create(environment, options), config);
  });
  assert.ok(times.every((time) => time > 5000 && time <= 10_010));
  assert.equal(new Set(times).size, 3);
});
