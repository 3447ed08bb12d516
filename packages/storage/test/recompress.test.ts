import assert from "node:assert/strict";
import { test } from "node:test";
import {
  batchHeader,
  type CompressionName,
  compressionIds,
  DecompressionError,
  isBatchCrcValid,
  readRecords,
  RecordBatchBuilder,
} from "@millrace/protocol";
import { checkClientBatch } from "../src/append-checks.ts";
import { type CompressionType, defaultLogConfig } from "../src/log-config.ts";
import { recompress } from "../src/recompress.ts";

const types: readonly (readonly [CompressionType, CompressionName])[] = [
  ["uncompressed", "none"],
  ["gzip", "gzip"],
  ["snappy", "snappy"],
  ["lz4", "lz4"],
  ["zstd", "zstd"],
];

function batchOf(compression: CompressionName): Buffer {
  const builder = new RecordBatchBuilder({
    compression,
    producerId: 7n,
    producerEpoch: 1,
    baseSequence: 0,
  });
  for (let index = 0; index < 50; index++) {
    const value = Buffer.from(`value ${index} `.repeat(20));
    builder.append({ offset: index, timestamp: 1000 + index, key: null, value, headers: [] });
  }
  return builder.build();
}

function recordsOf(batch: Buffer): readonly string[] {
  return [...readRecords(batch, 0)].map(({ offset, timestamp, value }) => {
    return `${offset} ${timestamp} ${value?.toString()}`;
  });
}

test("a batch of any codec becomes one of any other, with the same records", () => {
  for (const [, source] of types) {
    const batch = batchOf(source);
    for (const [compressionType, target] of types) {
      const result = recompress(batch, { ...defaultLogConfig, compressionType });
      assert.equal(batchHeader.compressionId(result, 0), compressionIds[target]);
      assert.equal(isBatchCrcValid(result, 0), true);
      assert.equal(batchHeader.sizeBytes(result, 0), result.length);
      assert.equal(batchHeader.producerId(result, 0), 7n);
      assert.deepEqual(recordsOf(result), recordsOf(batch), `${source} to ${target}`);
    }
  }
});

test("a batch that is as it should be stays the same bytes", () => {
  const batch = batchOf("lz4");
  assert.equal(recompress(batch, { ...defaultLogConfig, compressionType: "lz4" }), batch);
  assert.equal(recompress(batch, defaultLogConfig), batch);
});

test("the level decides how hard the codec tries", () => {
  const batch = batchOf("none");
  const sizeAt = (compressionZstdLevel: number): number => {
    return recompress(batch, { ...defaultLogConfig, compressionType: "zstd", compressionZstdLevel })
      .length;
  };
  assert.ok(sizeAt(-100_000) > sizeAt(19));
});

test("records that their codec cannot have written are refused", () => {
  const batch = batchOf("gzip");
  batch.fill(7, batchHeader.HEADER_SIZE_BYTES + 12);
  batchHeader.updateCrc(batch, 0);
  const config = { ...defaultLogConfig, compressionType: "zstd" } as const;
  assert.throws(() => recompress(batch, config), DecompressionError);
  const plan = checkClientBatch(batch, config, 2000, { topic: "orders", partition: 0 });
  assert.equal("error" in plan && plan.error, "INVALID_RECORD");
});

test("a batch that is too large once it is compressed anew is refused", () => {
  const batch = batchOf("zstd");
  const config = {
    ...defaultLogConfig,
    compressionType: "uncompressed",
    maxMessageBytes: batch.length + 100,
  } as const;
  const plan = checkClientBatch(batch, config, 2000, { topic: "orders", partition: 0 });
  assert.equal("error" in plan && plan.error, "MESSAGE_TOO_LARGE");
});

test("an append plans the batch as it will be written", () => {
  const config = { ...defaultLogConfig, compressionType: "gzip" } as const;
  const plan = checkClientBatch(batchOf("none"), config, 2000, { topic: "orders", partition: 0 });
  assert.ok("bytes" in plan);
  assert.equal(batchHeader.compressionId(plan.bytes, 0), compressionIds.gzip);
});
