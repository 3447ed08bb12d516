import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";

import {
  defaultMetadataLogLimits,
  SnapshotSchedule,
} from "../../src/embedded/snapshot-schedule.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import type { MetadataLog } from "../../src/log/metadata-log.ts";

function scheduleWith(limits: Partial<typeof defaultMetadataLogLimits>, failures = 0) {
  const platform = simPlatform({ seed: 1 });
  const written: number[] = [];
  let failuresLeft = failures;
  const log: MetadataLog = {
    controllerEpoch: 1,
    endOffset: 0,
    append: () => assert.fail("nothing is appended"),
    tail: () => assert.fail("nothing is read"),
    writeSnapshot: async (image) => {
      if (failuresLeft-- > 0) throw new Error("disk full");
      written.push(image.provenance.lastContainedOffset);
    },
    close: async () => {},
  };
  const { clock, logger } = platform;
  const all = { ...defaultMetadataLogLimits, ...limits };
  return { platform, written, schedule: new SnapshotSchedule(log, { clock, logger }, all) };
}

function imageAt(lastContainedOffset: number): ClusterImage {
  return { ...emptyImage, provenance: { ...emptyImage.provenance, lastContainedOffset } };
}

test("a snapshot is written when enough bytes came", async () => {
  const { schedule, written } = scheduleWith({ maxRecordBytesBetweenSnapshots: 100 });
  for (let offset = 1; offset <= 6; offset += 1) {
    schedule.onCommitted(imageAt(offset), 40);
    await schedule.settle();
  }
  assert.deepEqual(written, [3, 6]);
});

test("a snapshot is written when the last one is old enough", async () => {
  const { platform, schedule, written } = scheduleWith({ maxSnapshotIntervalMs: 1_000 });
  schedule.onCommitted(imageAt(1), 1);
  await platform.clock.advance(1_000);
  schedule.onCommitted(imageAt(2), 1);
  await schedule.settle();
  assert.deepEqual(written, [2]);
});

test("one is written at a time", async () => {
  const { schedule, written } = scheduleWith({ maxRecordBytesBetweenSnapshots: 1 });
  schedule.onCommitted(imageAt(1), 1);
  schedule.onCommitted(imageAt(2), 1);
  await schedule.settle();
  assert.deepEqual(written, [1]);
});

test("a snapshot that cannot be written is tried again when the next one is due", async () => {
  const { schedule, written } = scheduleWith({ maxRecordBytesBetweenSnapshots: 1 }, 1);
  schedule.onCommitted(imageAt(1), 1);
  await schedule.settle();
  schedule.onCommitted(imageAt(2), 1);
  await schedule.settle();
  assert.deepEqual(written, [2]);
});

test("a long tail found at a start becomes a snapshot, a short one counts", async () => {
  const long = scheduleWith({});
  long.schedule.onRecovered(imageAt(7), 600 * 1024);
  await long.schedule.settle();
  assert.deepEqual(long.written, [7]);
  const short = scheduleWith({ maxRecordBytesBetweenSnapshots: 2_000 });
  short.schedule.onRecovered(imageAt(7), 1_999);
  short.schedule.onCommitted(imageAt(8), 1);
  await short.schedule.settle();
  assert.deepEqual(short.written, [8]);
});
