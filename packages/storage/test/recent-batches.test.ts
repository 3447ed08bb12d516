import assert from "node:assert/strict";
import { test } from "node:test";
import { batchHeader as header } from "@millrace/protocol";
import { BufferPool } from "../src/buffer-pool.ts";
import { RecentBatches, type RecentTail } from "../src/recent-batches.ts";
import { batchOf } from "./support.ts";

const all = { endOffset: 1e9, maxBytes: 1e9, minOneBatch: true };

function newStore(sizeBytesMax: number): { store: RecentBatches; pool: BufferPool } {
  const pool = new BufferPool({ idleBytesMax: 1e9 });
  return { store: new RecentBatches({ pool, sizeBytesMax }), pool };
}

function add(tail: RecentTail, baseOffset: number, sizeBytes: number, given = false): Buffer {
  const batch = batchOf(["x".repeat(sizeBytes)], { baseOffset });
  tail.append(batch, { baseOffset, endOffset: baseOffset + 1, given });
  return batch;
}

test("batches come back as they were appended, from any offset", () => {
  const tail = newStore(1e6).store.createTail();
  const batches = Array.from({ length: 3000 }, (_, offset) => add(tail, offset, offset % 200));
  for (const offset of [0, 1, 700, 701, 2999]) {
    const read = tail.read({ ...all, offset });
    assert.ok(read !== undefined);
    assert.ok(Buffer.concat(read.chunks).equals(Buffer.concat(batches.slice(offset))));
    assert.equal(read.endOffset, 3000);
    read.release();
  }
});

test("whole batches are given, within the bytes and the offset that limit them", () => {
  const tail = newStore(1e6).store.createTail();
  const size = add(tail, 0, 100).length;
  for (let offset = 1; offset < 10; offset += 1) add(tail, offset, 100);
  const few = tail.read({ offset: 2, endOffset: 100, maxBytes: 3 * size + 1, minOneBatch: false });
  assert.equal(few?.sizeBytes, 3 * size);
  assert.equal(few?.endOffset, 5);
  assert.equal(tail.read({ ...all, offset: 2, endOffset: 4 })?.endOffset, 4);
  assert.equal(tail.read({ ...all, offset: 2, maxBytes: 1 })?.sizeBytes, size);
  const none = tail.read({ offset: 2, endOffset: 100, maxBytes: 1, minOneBatch: false });
  assert.equal(none?.sizeBytes, 0);
});

test("a given buffer is served without a copy", () => {
  const tail = newStore(1e6).store.createTail();
  const batch = add(tail, 0, 100_000, true);
  const read = tail.read({ ...all, offset: 0 });
  assert.equal(read?.chunks[0]?.buffer, batch.buffer);
});

test("the oldest batches of whichever log make room", () => {
  const { store } = newStore(4 * 65_536);
  const first = store.createTail();
  const second = store.createTail();
  add(first, 0, 60_000);
  for (let offset = 0; offset < 4; offset += 1) add(second, offset, 60_000);
  assert.equal(first.startOffset, -1);
  assert.equal(second.startOffset, 0);
  add(second, 4, 60_000);
  assert.equal(second.startOffset, 1);
  assert.equal(second.read({ ...all, offset: 0 }), undefined);
  assert.ok(store.sizeBytes <= 4 * 65_536);
});

test("bytes that a reader holds are not reused before it lets go", () => {
  const { store, pool } = newStore(65_536);
  const tail = store.createTail();
  const batch = Buffer.from(add(tail, 0, 60_000));
  const read = tail.read({ ...all, offset: 0 });
  assert.ok(read !== undefined);
  for (let offset = 1; offset < 5; offset += 1) add(tail, offset, 60_000);
  assert.ok(Buffer.concat(read.chunks).equals(batch));
  const before = pool.idleBytes;
  read.release();
  read.release();
  assert.equal(pool.idleBytes, before + 65_536);
});

test("a batch larger than the budget leaves no gap behind", () => {
  const tail = newStore(65_536).store.createTail();
  add(tail, 0, 100);
  add(tail, 1, 200_000);
  assert.equal(tail.startOffset, -1);
  add(tail, 2, 100);
  assert.equal(tail.startOffset, 2);
  const read = tail.read({ ...all, offset: 2 });
  assert.equal(header.baseOffset(read?.chunks[0] ?? Buffer.alloc(61), 0), 2);
});

test("a quiet log holds little: chunks grow with its traffic", () => {
  const { store } = newStore(1e6);
  const quiet = store.createTail();
  add(quiet, 0, 100);
  assert.equal(store.sizeBytes, 8192);
  const busy = store.createTail();
  for (let offset = 0; offset < 2000; offset += 1) add(busy, offset, 100);
  assert.ok(store.sizeBytes > 5 * 65_536);
  assert.equal(busy.read({ ...all, offset: 0 })?.endOffset, 2000);
});

test("large batches are not copied while nobody reads near the end", () => {
  const tail = newStore(64e6).store.createTail();
  let offset = 0;
  const addMany = (count: number): void => {
    for (const end = offset + count; offset < end; offset += 1) add(tail, offset, 1_000_000);
  };
  addMany(8);
  assert.equal(tail.startOffset, 0);
  addMany(4);
  assert.equal(tail.startOffset, -1);
  tail.noteReader();
  addMany(4);
  assert.equal(tail.startOffset, 12);
  tail.read({ ...all, offset: 15 })?.release();
  for (let round = 0; round < 3; round += 1) {
    addMany(6);
    tail.read({ ...all, offset: offset - 1 })?.release();
  }
  assert.equal(tail.startOffset, 12);
});
