import assert from "node:assert/strict";
import { test } from "node:test";

import { BufferPool } from "../../../src/producer/batch/buffer-pool.ts";

test("buffers come back and are used again", () => {
  const pool = new BufferPool(1_000_000);
  const first = pool.take(5000);
  assert.equal(first.length, 8192);
  assert.equal(pool.usedBytes, 8192);
  pool.giveBack(first);
  assert.equal(pool.usedBytes, 0);
  assert.equal(pool.take(8000), first);
});

test("there is room up to the limit, and always for the first", () => {
  const pool = new BufferPool(10_000);
  assert.equal(pool.hasRoomFor(50_000), true);
  pool.take(4096);
  assert.equal(pool.hasRoomFor(4096), true);
  assert.equal(pool.hasRoomFor(8192), false);
});

test("a buffer that a connection may still read from is not used again", () => {
  const pool = new BufferPool(1_000_000);
  const first = pool.take(100);
  pool.abandon(first);
  assert.equal(pool.usedBytes, 0);
  assert.notEqual(pool.take(100), first);
});

test("no more than a quarter of the limit is kept while nobody needs it", () => {
  const pool = new BufferPool(64 * 1024);
  const buffers = Array.from({ length: 8 }, () => pool.take(8192));
  for (const buffer of buffers) pool.giveBack(buffer);
  const again = new Set(Array.from({ length: 8 }, () => pool.take(8192)));
  assert.equal(buffers.filter((buffer) => again.has(buffer)).length, 2);
});
