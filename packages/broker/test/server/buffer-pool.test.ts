import assert from "node:assert/strict";
import { test } from "node:test";

import { BufferPool } from "../../src/server/buffer-pool.ts";

test("the pool keeps no more than it may", () => {
  const pool = new BufferPool({ heldBytesMax: 128 * 1024 });
  const buffers = [pool.take(1), pool.take(1), pool.take(1)];
  for (const buffer of buffers) pool.give(buffer);
  assert.equal(pool.heldBytes(), 128 * 1024);
  pool.give(Buffer.alloc(1000));
  assert.equal(pool.heldBytes(), 128 * 1024);
  assert.equal(pool.take(2 ** 25).length, 2 ** 25);
});

test("a buffer that came back is given out again for what fits into it", () => {
  const pool = new BufferPool({ heldBytesMax: 1024 * 1024 });
  const buffer = pool.take(100_000);
  assert.equal(buffer.length, 128 * 1024);
  assert.equal(pool.has(100_000), false);
  pool.give(buffer);
  assert.equal(pool.has(100_000), true);
  assert.equal(pool.has(200_000), false);
  assert.equal(pool.take(70_000), buffer);
  assert.equal(pool.heldBytes(), 0);
});
