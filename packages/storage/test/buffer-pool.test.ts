import assert from "node:assert/strict";
import { test } from "node:test";
import { BufferPool, poolUnitBytes } from "../src/buffer-pool.ts";

test("a buffer that came back is lent again for a similar size", () => {
  const pool = new BufferPool({ idleBytesMax: 10 * poolUnitBytes });
  const first = pool.take(100_000);
  const { buffer } = first;
  assert.equal(buffer.length, 2 * poolUnitBytes);
  first.release();
  assert.equal(pool.take(2 * poolUnitBytes).buffer, buffer);
  assert.notEqual(pool.take(2 * poolUnitBytes).buffer, buffer);
});

test("a buffer given back twice is lent once", () => {
  const pool = new BufferPool({ idleBytesMax: 10 * poolUnitBytes });
  const lent = pool.take(1);
  lent.release();
  lent.release();
  assert.notEqual(pool.take(1).buffer, pool.take(1).buffer);
});

test("no more than the limit stays idle", () => {
  const pool = new BufferPool({ idleBytesMax: poolUnitBytes });
  const lent = [pool.take(50_000), pool.take(50_000), pool.take(50_000)];
  for (const each of lent) each.release();
  assert.equal(pool.idleBytes, poolUnitBytes);
});

test("small buffers are powers of two, large ones multiples of 64 KiB", () => {
  const pool = new BufferPool({ idleBytesMax: 0 });
  const sizes = [1, 4097, 20_000, 40_000, 65_537].map((size) => pool.take(size).buffer.length);
  assert.deepEqual(sizes, [4096, 8192, 32_768, 65_536, 131_072]);
});
