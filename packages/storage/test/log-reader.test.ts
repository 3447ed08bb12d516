import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { createLog, type StorageLimits } from "../src/index.ts";
import { LogReader } from "../src/log-reader.ts";
import { batchOf, configWith, settle, simEnvironment, TestDirectoryState } from "./support.ts";

function writtenLog(sizes: readonly number[], limits: Partial<StorageLimits> = {}) {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory("/d");
  const environment = simEnvironment(platform, limits);
  const log = createLog(environment, {
    path: "/d/orders-0",
    config: configWith({ segmentBytes: 300_000 }),
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  const batches = sizes.map((size) => batchOf(["x".repeat(size)]));
  for (const batch of batches) log.append(batch, { origin: "client", leaderEpoch: 0 });
  return { platform, log, batches, reader: new LogReader(environment, log.segments) };
}

const sizes = Array.from({ length: 200 }, (_, at) => [10, 9000, 70_000, 200_000][at % 4] ?? 0);

test("a reader goes through all segments, whatever the batches' sizes", async () => {
  for (const coldReadBytesMax of [100, 65_536, 2_000_000]) {
    const { platform, reader, batches } = writtenLog(sizes, { coldReadBytesMax });
    let offset = 0;
    while (offset < sizes.length) {
      const options = { offset, endOffset: 200, maxBytes: 150_000, minOneBatch: true };
      const read = await settle(platform, reader.read(options));
      assert.ok(read !== undefined && read.bytes.length > 0);
      const expected = Buffer.concat(batches.slice(offset, read.endOffset));
      assert.ok(read.bytes.equals(expected));
      offset = read.endOffset;
      read.release();
    }
  }
});

test("any offset is found", async () => {
  const { platform, reader, batches } = writtenLog(sizes);
  for (const offset of [199, 3, 77, 78, 120, 0]) {
    const options = { offset, endOffset: 200, maxBytes: 1, minOneBatch: true };
    const read = await settle(platform, reader.read(options));
    assert.ok(read?.bytes.equals(batches[offset] ?? Buffer.alloc(0)));
    read?.release();
  }
});

test("without minOneBatch a batch that is too large gives nothing", async () => {
  const { platform, reader } = writtenLog(sizes);
  const options = { offset: 3, endOffset: 200, maxBytes: 100_000, minOneBatch: false };
  const read = await settle(platform, reader.read(options));
  assert.equal(read?.bytes.length, 0);
  assert.equal(read?.endOffset, 3);
});

test("a read that a truncation overtook is thrown away", async () => {
  const { platform, reader } = writtenLog(sizes);
  const options = { offset: 0, endOffset: 200, maxBytes: 1000, minOneBatch: true };
  const reading = reader.read(options);
  reader.forget();
  assert.equal(await settle(platform, reading), undefined);
});
