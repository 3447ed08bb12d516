import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { BufferPool } from "../../src/server/buffer-pool.ts";
import { MemoryBound } from "../../src/server/memory-bound.ts";
import { FrameReader, InvalidFrameError } from "../../src/server/frame-reader.ts";

const frameBytesMax = 100 * 1024 * 1024;

function createReader(
  pool = new BufferPool({ heldBytesMax: 1024 * 1024 }),
  memory = new MemoryBound({ bytesMax: 1024 * 1024 * 1024 }),
): FrameReader {
  return new FrameReader({ frameBytesMax, pool, memory, scratch: Buffer.alloc(1024) });
}

/**
 * Feeds bytes as a socket would: as many at a time as `sizes` says and the reader's buffer holds.
 */
function feed(reader: FrameReader, bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const frames: Buffer[] = [];
  let position = 0;
  let turn = 0;
  while (position < bytes.length) {
    const into = reader.nextBuffer();
    const wanted = sizes[turn % sizes.length] ?? 1;
    turn += 1;
    const sizeBytes = Math.min(into.length, wanted, bytes.length - position);
    into.set(bytes.subarray(position, position + sizeBytes));
    position += sizeBytes;
    reader.received(sizeBytes);
    for (let frame = reader.peek(); frame !== undefined; frame = reader.peek()) {
      frames.push(Buffer.from(frame));
      reader.consume(frame);
    }
    reader.settle();
  }
  return frames;
}

function framed(payload: Buffer): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(payload.length);
  return Buffer.concat([prefix, payload]);
}

test("frames come out as they went in, however the stream is cut", () => {
  const sizes = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 900, max: 9000 }));
  const property = fc.property(
    fc.array(sizes, { maxLength: 12 }),
    fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
    (frameSizes, readSizes) => {
      const payloads = frameSizes.map((size, index) => Buffer.alloc(size, index + 1));
      const frames = feed(createReader(), Buffer.concat(payloads.map(framed)), readSizes);
      assert.deepEqual(frames, payloads);
    },
  );
  fc.assert(property, { seed: 3, numRuns: 300 });
});

test("a large announcement costs nothing until its bytes come", () => {
  const reader = createReader();
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(frameBytesMax);
  assert.deepEqual(feed(reader, prefix, [4]), []);
  assert.equal(reader.ownBytes(), 64 * 1024);
  feed(reader, Buffer.alloc(70 * 1024), [70 * 1024]);
  assert.ok(reader.ownBytes() <= 512 * 1024);
});

test("a size below 0 or above the limit is refused", () => {
  for (const size of [-1, -(2 ** 31), frameBytesMax + 1, 2 ** 31 - 1]) {
    const prefix = Buffer.alloc(4);
    prefix.writeInt32BE(size);
    assert.throws(() => feed(createReader(), prefix, [4]), InvalidFrameError);
  }
});

test("memory of a finished frame goes back to the pool", () => {
  const pool = new BufferPool({ heldBytesMax: 8 * 1024 * 1024 });
  const reader = createReader(pool);
  feed(reader, framed(Buffer.alloc(500_000)), [4000]);
  assert.equal(reader.ownBytes(), 0);
  assert.equal(pool.has(500_000), true);
});

test("a frame consumed between two reads leaves the next read's memory where it is", () => {
  const pool = new BufferPool({ heldBytesMax: 1024 * 1024 });
  const reader = createReader(pool);
  const waiting = framed(Buffer.from("waiting"));
  reader.nextBuffer().set(waiting);
  reader.received(waiting.length);
  reader.settle();
  // The network takes the memory for the next read at once; the frame is begun later.
  const into = reader.nextBuffer();
  const frame = reader.peek();
  assert.equal(frame?.toString(), "waiting");
  reader.consume(frame);
  reader.settle();
  const taken = pool.take(64 * 1024);
  into.set(framed(Buffer.from("next")));
  reader.received(8);
  assert.equal(reader.peek()?.toString(), "next");
  assert.equal(taken.indexOf("next"), -1, "the pool gave away memory that is being read into");
});

test("when frames of all connections fill the memory, one goes on and the others wait", () => {
  const memory = new MemoryBound({ bytesMax: 256 * 1024 });
  const pool = new BufferPool({ heldBytesMax: 0 });
  const readers = Array.from({ length: 3 }, () => createReader(pool, memory));
  const frame = framed(Buffer.alloc(900_000, 7));
  for (const reader of readers) feed(reader, frame.subarray(0, 70_000), [1024]);
  const starved = readers.filter((reader) => reader.isStarved);
  assert.ok(starved.length >= 1 && starved.length < readers.length);
  const usedBefore = memory.usedBytes;
  for (const reader of starved) assert.equal(reader.feed(), false);
  const fed = readers.find((reader) => !reader.isStarved);
  assert.ok(fed !== undefined);
  assert.equal(feed(fed, frame.subarray(70_000), [1024]).length, 1);
  for (const reader of readers) if (!reader.isStarved && reader !== fed) reader.close();
  assert.ok(memory.usedBytes < usedBefore);
  const [next] = starved;
  assert.equal(next?.feed(), true);
});

test("what a frame holds counts for another bound from the moment it is told", () => {
  const [first, second] = [1, 2].map(() => new MemoryBound({ bytesMax: 1024 * 1024 }));
  assert.ok(first !== undefined && second !== undefined);
  const reader = createReader(new BufferPool({ heldBytesMax: 0 }), first);
  const frame = framed(Buffer.alloc(900_000, 7));
  feed(reader, frame.subarray(0, 70_000), [1024]);
  const heldBytes = reader.ownBytes();
  assert.equal(first.usedBytes, heldBytes);
  reader.allowFrames(frameBytesMax, second);
  assert.deepEqual([first.usedBytes, second.usedBytes], [0, heldBytes]);
  assert.equal(feed(reader, frame.subarray(70_000), [1024]).length, 1);
  assert.deepEqual([first.usedBytes, second.usedBytes], [0, 0]);
});
