import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform, type SimPlatform } from "@millrace/platform/sim";
import { createLog, type PartitionLog } from "../src/index.ts";
import { rebuildIndexes } from "../src/index-rebuild.ts";
import { batchOf, configWith, settle, simEnvironment, TestDirectoryState } from "./support.ts";

const indexPath = "/d/orders-0/00000000000000000000.index";

/** A closed segment of many batches, read from its file only. */
async function logWithClosedSegment(): Promise<{ platform: SimPlatform; log: PartitionLog }> {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory("/d");
  const log = createLog(simEnvironment(platform, { recentBatchesBytesMax: 0 }), {
    path: "/d/orders-0",
    config: configWith({ indexIntervalBytes: 4096 }),
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  for (let at = 0; at < 4000; at += 1) {
    const batch = batchOf(["x".repeat(100)], { timestamp: 1000 + at });
    log.append(batch, { origin: "client", leaderEpoch: 0 });
  }
  log.roll();
  await settle(platform, log.flush());
  return { platform, log };
}

async function firstOffsetRead(platform: SimPlatform, log: PartitionLog, offset: number) {
  const options = { offset, maxBytes: 100, minOneBatch: true, isolation: "end" } as const;
  const read = await settle(platform, log.read(options));
  assert.ok(read.kind === "read");
  const first = Number(read.chunks[0]?.readBigInt64BE(0));
  read.release();
  return first;
}

test("rebuilt indexes are those that the appends wrote", async () => {
  const { platform, log } = await logWithClosedSegment();
  const written = platform.fileSystem.readFile(indexPath);
  platform.fileSystem.removeFile(indexPath);
  const { environment } = log.parts;
  environment.files.forget(indexPath);
  const segment = { directory: "/d/orders-0", baseOffset: 0, indexIntervalBytes: 4096 };
  await settle(platform, rebuildIndexes(environment, segment));
  assert.ok(platform.fileSystem.readFile(indexPath).equals(written));
});

test("an index that leads astray is noticed: the read is right and the index made anew", async () => {
  const { platform, log } = await logWithClosedSegment();
  const written = platform.fileSystem.readFile(indexPath);
  const damaged = Buffer.from(written);
  for (let at = 4; at < damaged.length; at += 8) {
    damaged.writeInt32BE(damaged.readInt32BE(at) + 13, at);
  }
  platform.fileSystem.open(indexPath, "readWrite").writeSync([damaged], 0);
  assert.equal(await firstOffsetRead(platform, log, 3210), 3210);
  await platform.clock.advance(1000);
  assert.ok(platform.fileSystem.readFile(indexPath).equals(written));
  assert.equal(await firstOffsetRead(platform, log, 1234), 1234);
});

test("a missing index is noticed by the long search, and made anew", async () => {
  const { platform, log } = await logWithClosedSegment();
  const written = platform.fileSystem.readFile(indexPath);
  platform.fileSystem.removeFile(indexPath);
  log.parts.environment.files.forget(indexPath);
  assert.equal(await firstOffsetRead(platform, log, 3900), 3900);
  await platform.clock.advance(1000);
  assert.ok(platform.fileSystem.readFile(indexPath).equals(written));
});
