import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform, type SimPlatform } from "@millrace/platform/sim";
import { buildRecordBatch } from "@millrace/protocol";
import { createLog, type PartitionLog, timestampSpecials } from "../src/index.ts";
import { configWith, settle, simEnvironment, TestDirectoryState } from "./support.ts";

/** Batches of records with the given timestamps, in segments of a few batches. */
function logWith(...batches: number[][]): { platform: SimPlatform; log: PartitionLog } {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.makeDirectory("/d");
  const log = createLog(simEnvironment(platform), {
    path: "/d/orders-0",
    config: configWith({ segmentBytes: 300, indexIntervalBytes: 0 }),
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  for (const [at, timestamps] of batches.entries()) {
    const records = timestamps.map((timestamp) => ({
      timestamp,
      key: null,
      value: Buffer.from("v"),
    }));
    const compression = at % 2 === 0 ? "none" : "gzip";
    const batch = buildRecordBatch(records, { compression });
    log.append(batch, { origin: "client", leaderEpoch: at });
  }
  log.advanceHighWatermark(log.logEndOffset);
  return { platform, log };
}

const batches = [[100, 300, 200], [150], [400, 400], [350, 500], [450], [500, 120]];

test("the first record at or after a timestamp is found, inside its batch", async () => {
  const { platform, log } = logWith(...batches);
  const all = batches.flat();
  for (let wanted = 0; wanted <= 510; wanted += 10) {
    const found = await settle(platform, log.offsetForTimestamp(wanted, "end"));
    const offset = all.findIndex((timestamp) => timestamp >= wanted);
    assert.equal(found.offset, offset, `timestamp ${wanted}`);
    assert.equal(found.timestampMs, all[offset] ?? -1);
  }
});

test("nothing before the log start or beyond what the caller may see is found", async () => {
  const { platform, log } = logWith(...batches);
  log.truncatePrefix(2);
  const first = await settle(platform, log.offsetForTimestamp(100, "end"));
  assert.deepEqual(first, { offset: 2, timestampMs: 200, leaderEpoch: 0 });
  const other = logWith(...batches);
  other.log.truncateSuffix(6);
  const none = await settle(other.platform, other.log.offsetForTimestamp(450, "end"));
  assert.equal(none.offset, -1);
});

test("the specials give the ends, and the largest timestamp's first record", async () => {
  const { platform, log } = logWith(...batches);
  log.truncatePrefix(1);
  const find = (special: number) => settle(platform, log.offsetForTimestamp(special, "end"));
  const { earliest, latest, maxTimestamp, earliestLocal, latestTiered } = timestampSpecials;
  assert.deepEqual(await find(earliest), { offset: 1, timestampMs: -1, leaderEpoch: 0 });
  assert.deepEqual(await find(earliestLocal), { offset: 1, timestampMs: -1, leaderEpoch: 0 });
  assert.deepEqual(await find(latest), { offset: 11, timestampMs: -1, leaderEpoch: 5 });
  assert.deepEqual(await find(maxTimestamp), { offset: 7, timestampMs: 500, leaderEpoch: 3 });
  assert.deepEqual(await find(latestTiered), { offset: -1, timestampMs: -1, leaderEpoch: -1 });
});

test("an empty log has ends and no largest timestamp", async () => {
  const { platform, log } = logWith();
  const find = (special: number) => settle(platform, log.offsetForTimestamp(special, "end"));
  assert.equal((await find(timestampSpecials.latest)).offset, 0);
  assert.equal((await find(timestampSpecials.maxTimestamp)).offset, -1);
  assert.equal((await find(0)).offset, -1);
});
