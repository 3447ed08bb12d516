import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { InlineOffload } from "@millrace/platform";
import { nodePlatform } from "@millrace/platform/node";
import { simPlatform } from "@millrace/platform/sim";
import { batchHeader, type CompressionName, RecordBatchBuilder } from "@millrace/protocol";
import type { LogConfig } from "../src/index.ts";
import { recompress } from "../src/recompress.ts";
import { prepareForAppend, type PreparingLog } from "../src/preparation-task.ts";
import { configWith, settle } from "./support.ts";

function batchOf(compression: CompressionName, valueBytes: number): Buffer {
  const builder = new RecordBatchBuilder({ compression });
  for (let offset = 0; offset < 20; offset += 1) {
    const value = Buffer.alloc(valueBytes, `value ${offset} `);
    builder.append({ offset, timestamp: 1000, key: null, value, headers: [] });
  }
  return builder.build();
}

function logWith(context: TestContext, config: Partial<LogConfig>): PreparingLog {
  const environment = nodePlatform({ logLevel: "error", hasProcessMetrics: false });
  context.after(() => environment.offload.close());
  return { topic: "orders", partition: 3, config: configWith(config), parts: { environment } };
}

test("a worker gives the batch that the event loop would, whatever becomes of the sent bytes", async (context) => {
  const log = logWith(context, { compressionType: "gzip", compressionGzipLevel: 3 });
  const sent = batchOf("lz4", 5000);
  const expected = recompress(Buffer.from(sent), log.config);
  // As the connection gives it: in the middle of memory that is used again.
  const memory = Buffer.concat([Buffer.alloc(100), sent, Buffer.alloc(100)]);
  const pending = prepareForAppend(log, memory.subarray(100, 100 + sent.length));
  memory.fill(0);
  const result = await pending;
  assert.ok(result?.kind === "prepared");
  assert.ok(result.bytes.equals(expected));
  assert.equal(result.validated.maxTimestamp, 1000);
});

test("what is not compressed, nor shall be, waits for nobody", (context) => {
  const log = logWith(context, { compressionType: "producer" });
  assert.equal(prepareForAppend(log, batchOf("none", 50_000)), undefined);
  assert.equal(prepareForAppend(log, Buffer.from("not a batch")), undefined);
});

test("small compressed batches are looked at in place, large ones by a worker", async (context) => {
  const log = logWith(context, { compressionType: "producer" });
  for (const codec of ["gzip", "snappy", "lz4", "zstd"] as const) {
    const small = prepareForAppend(log, batchOf(codec, 1000));
    assert.ok(small !== undefined && !(small instanceof Promise), codec);
    assert.ok(small.kind === "prepared" && small.validated.maxTimestamp === 1000);
    const large = prepareForAppend(log, batchOf(codec, 5000));
    assert.ok(large instanceof Promise, codec);
    const found = await large;
    assert.ok(found.kind === "prepared" && found.validated.maxTimestamp === 1000);
    assert.ok(found.bytes.equals(batchOf(codec, 5000)), "the batch as it was sent");
  }
});

test("a count that is wrong is refused in place and by a worker, compacted or not", async (context) => {
  const found: unknown[] = [];
  for (const cleanupPolicy of [["delete"], ["compact"]] as const) {
    const log = logWith(context, { compressionType: "producer", cleanupPolicy });
    for (const valueBytes of [100, 5000]) {
      const batch = batchOf("lz4", valueBytes);
      batch.writeInt32BE(20, batchHeader.fieldPositions.lastOffsetDelta);
      batch.writeInt32BE(21, batchHeader.fieldPositions.recordsCount);
      batchHeader.updateCrc(batch, 0);
      const result = await prepareForAppend(log, batch);
      found.push(result?.kind === "refused" && result.error);
    }
  }
  assert.deepEqual(found, Array(4).fill("INVALID_RECORD"));
});

test("a wrong checksum is refused before anything is decompressed", (context) => {
  const log = logWith(context, { compressionType: "gzip" });
  const damaged = batchOf("lz4", 5000);
  damaged.writeUInt8(1, damaged.length - 1);
  const refused = prepareForAppend(log, damaged);
  assert.ok(refused !== undefined && "error" in refused && refused.error === "CORRUPT_MESSAGE");
});

test("few records are compressed where they are, unless nobody knows how many they are", async (context) => {
  const log = logWith(context, { compressionType: "gzip" });
  assert.equal(prepareForAppend(log, batchOf("none", 100)), undefined);
  for (const batch of [batchOf("none", 5000), batchOf("zstd", 100)]) {
    assert.equal((await prepareForAppend(log, batch))?.kind, "prepared");
  }
});

test("records that their codec cannot have written are refused", async () => {
  const platform = simPlatform({ seed: 1 });
  const batch = batchOf("gzip", 500);
  batch.fill(7, batchHeader.HEADER_SIZE_BYTES + 12);
  batchHeader.updateCrc(batch, 0);
  const { clock, fileSystem } = platform;
  const environment = { clock, offload: new InlineOffload({ clock, fileSystem }) };
  const log = {
    topic: "orders",
    partition: 3,
    config: configWith({ compressionType: "zstd" }),
    parts: { environment },
  };
  const pending = prepareForAppend(log, batch);
  assert.ok(pending instanceof Promise);
  const result = await settle(platform, pending);
  assert.equal(result.kind === "refused" && result.error, "INVALID_RECORD");
});
