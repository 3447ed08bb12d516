import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { InlineOffload } from "@millrace/platform";
import { nodePlatform } from "@millrace/platform/node";
import { simPlatform } from "@millrace/platform/sim";
import { batchHeader, type CompressionName, RecordBatchBuilder } from "@millrace/protocol";
import type { LogConfig } from "../src/index.ts";
import { recompress } from "../src/recompress.ts";
import { recompressForAppend, type RecompressingLog } from "../src/recompression-task.ts";
import { configWith, settle } from "./support.ts";

function batchOf(compression: CompressionName, valueBytes: number): Buffer {
  const builder = new RecordBatchBuilder({ compression });
  for (let offset = 0; offset < 20; offset += 1) {
    const value = Buffer.alloc(valueBytes, `value ${offset} `);
    builder.append({ offset, timestamp: 1000, key: null, value, headers: [] });
  }
  return builder.build();
}

function logWith(context: TestContext, config: Partial<LogConfig>): RecompressingLog {
  const environment = nodePlatform({ logLevel: "error", hasProcessMetrics: false });
  context.after(() => environment.offload.close());
  return { config: configWith(config), parts: { environment } };
}

test("a worker gives the batch that the event loop would, whatever becomes of the sent bytes", async (context) => {
  const log = logWith(context, { compressionType: "gzip", compressionGzipLevel: 3 });
  const sent = batchOf("lz4", 5000);
  const expected = recompress(Buffer.from(sent), log.config);
  // As the connection gives it: in the middle of memory that is used again.
  const memory = Buffer.concat([Buffer.alloc(100), sent, Buffer.alloc(100)]);
  const pending = recompressForAppend(log, memory.subarray(100, 100 + sent.length));
  memory.fill(0);
  const result = await pending;
  assert.ok(Buffer.isBuffer(result));
  assert.ok(result.equals(expected));
});

test("what can be appended as it is waits for nobody", (context) => {
  const log = logWith(context, { compressionType: "gzip" });
  assert.equal(recompressForAppend(log, batchOf("gzip", 5000)), undefined);
  assert.equal(recompressForAppend(log, Buffer.from("not a batch")), undefined);
  const damaged = batchOf("lz4", 5000);
  damaged.writeUInt8(1, damaged.length - 1);
  assert.equal(recompressForAppend(log, damaged), undefined, "append refuses it by its checksum");
  const asSent = logWith(context, { compressionType: "producer" });
  assert.equal(recompressForAppend(asSent, batchOf("lz4", 5000)), undefined);
});

test("few records are compressed where they are, unless nobody knows how many they are", async (context) => {
  const log = logWith(context, { compressionType: "gzip" });
  assert.equal(recompressForAppend(log, batchOf("none", 100)), undefined);
  for (const batch of [batchOf("none", 5000), batchOf("zstd", 100)]) {
    assert.ok(Buffer.isBuffer(await recompressForAppend(log, batch)));
  }
});

test("records that their codec cannot have written are refused", async () => {
  const platform = simPlatform({ seed: 1 });
  const batch = batchOf("gzip", 500);
  batch.fill(7, batchHeader.HEADER_SIZE_BYTES + 12);
  batchHeader.updateCrc(batch, 0);
  const { clock, fileSystem } = platform;
  const environment = { clock, offload: new InlineOffload({ clock, fileSystem }) };
  const log = { config: configWith({ compressionType: "zstd" }), parts: { environment } };
  const pending = recompressForAppend(log, batch);
  assert.ok(pending !== undefined);
  const result = await settle(platform, pending);
  assert.equal("kind" in result && result.error, "CORRUPT_MESSAGE");
});
