import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameMemory } from "../../src/network/frame-memory.ts";

test("large memory that was given back is used again", () => {
  const memory = new FrameMemory();
  const first = memory.take(100_000);
  assert.ok(first.length >= 100_000);
  memory.giveBack(first);
  assert.equal(memory.take(90_000), first);
  assert.notEqual(memory.take(90_000), first);
});

test("small memory is not kept: the runtime's own allocator shares it out", () => {
  const memory = new FrameMemory();
  const first = memory.take(100);
  memory.giveBack(first);
  assert.notEqual(memory.take(100), first);
});

test("a fetch of a megabyte and its header takes little more than that", () => {
  const sizeBytes = 1024 * 1024 + 200;
  const memory = new FrameMemory().take(sizeBytes);
  assert.ok(memory.length >= sizeBytes);
  assert.ok(memory.length < sizeBytes * 1.1);
});
