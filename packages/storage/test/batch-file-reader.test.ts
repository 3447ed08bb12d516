import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { BatchFileReader } from "../src/batch-file-reader.ts";
import { batchOf } from "./support.ts";

const sizes = [10, 70_000, 3, 200_000, 64 * 1024, 1];

function fileOf(...chunks: Buffer[]): ReturnType<typeof open> {
  return open(Buffer.concat(chunks));
}

function open(bytes: Buffer): { file: ReturnType<typeof openFile>; end: number } {
  return { file: openFile(bytes), end: bytes.length };
}

function openFile(bytes: Buffer) {
  const file = simPlatform({ seed: 1 }).fileSystem.open("/0.log", "create");
  file.writeSync([bytes], 0);
  return file;
}

test("batches of any size are walked, their headers or the whole of them", () => {
  const batches = sizes.map((size, at) => batchOf(["x".repeat(size)], { baseOffset: at }));
  const { file, end } = fileOf(...batches);
  for (const whole of [false, true]) {
    const reader = new BatchFileReader(file, { start: 0, end, whole });
    let position = 0;
    for (const batch of batches) {
      assert.ok(reader.next());
      assert.equal(reader.position, position);
      assert.equal(reader.sizeBytes, batch.length);
      if (!whole) assert.ok(reader.loadWhole());
      const found = reader.buffer.subarray(reader.at, reader.at + batch.length);
      assert.ok(found.equals(batch));
      position += batch.length;
    }
    assert.equal(reader.next(), false);
    assert.equal(reader.stop, "end");
  }
});

test("a torn batch and nonsense stop the walk where they begin", () => {
  const batch = batchOf(["one"]);
  for (const keep of [1, 11, 16, 40, batch.length - 1]) {
    const { file, end } = fileOf(batch, batch.subarray(0, keep));
    const reader = new BatchFileReader(file, { start: 0, end });
    while (reader.next());
    assert.equal(reader.position, batch.length);
    assert.equal(reader.stop, "partial");
  }
  const { file, end } = fileOf(batch, Buffer.alloc(4096));
  const reader = new BatchFileReader(file, { start: 0, end });
  while (reader.next());
  assert.equal(reader.position, batch.length);
  assert.equal(reader.stop, "corrupt");
});
