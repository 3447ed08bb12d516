import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldReads } from "../../src/node/held-reads.ts";

/** What reads into the receiver's memory gave, in order. */
function target(received: string[], onReceived: () => void = () => {}) {
  const own = Buffer.alloc(8);
  return {
    own,
    bufferForRead: () => own,
    received: (buffer: Uint8Array, sizeBytes: number) => {
      received.push(Buffer.from(buffer.subarray(0, sizeBytes)).toString());
      onReceived();
    },
  };
}

test("what comes while it is paused is kept, in a copy, and given in order later", () => {
  const received: string[] = [];
  const shared = Buffer.alloc(8);
  const reads = new HeldReads(target(received));
  reads.pause();
  assert.equal(reads.bufferForRead(shared), shared);
  for (const text of ["one", "two"]) reads.received(shared, shared.write(text), false);
  shared.fill(0);
  assert.deepEqual(received, []);
  reads.resume();
  assert.deepEqual(received, ["one", "two"]);
  assert.notEqual(reads.bufferForRead(shared), shared);
});

test("a receiver that pauses again in the middle gets the rest when it resumes", () => {
  const received: string[] = [];
  const shared = Buffer.alloc(8);
  const reads: HeldReads = new HeldReads(target(received, () => reads.pause()));
  reads.pause();
  for (const text of ["one", "two"]) reads.received(shared, shared.write(text), false);
  reads.resume();
  assert.deepEqual(received, ["one"]);
  reads.received(shared, shared.write("three"), false);
  reads.resume();
  reads.resume();
  assert.deepEqual(received, ["one", "two", "three"]);
});

test("one that resumes while it is given something gets each piece once", () => {
  const received: string[] = [];
  const shared = Buffer.alloc(8);
  const reads: HeldReads = new HeldReads(
    target(received, () => {
      reads.pause();
      reads.resume();
    }),
  );
  reads.pause();
  for (const text of ["one", "two"]) reads.received(shared, shared.write(text), false);
  reads.resume();
  assert.deepEqual(received, ["one", "two"]);
});
