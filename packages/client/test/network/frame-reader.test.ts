import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { KafkaError } from "../../src/errors/kafka-error.ts";
import { FrameMemory } from "../../src/network/frame-memory.ts";
import { FrameReader } from "../../src/network/frame-reader.ts";

function readerOf(
  shared: Buffer,
  frameBytesMax = 1000,
): {
  reader: FrameReader;
  frames: Buffer[];
  errors: KafkaError[];
} {
  const frames: Buffer[] = [];
  const errors: KafkaError[] = [];
  const reader = new FrameReader({
    memory: new FrameMemory(),
    shared,
    frameBytesMax,
    onFrame: ({ bytes }) => frames.push(bytes),
    onError: (error) => errors.push(error),
  });
  return { reader, frames, errors };
}

function feed(reader: FrameReader, bytes: Buffer, pieces: readonly number[]): void {
  let position = 0;
  for (let index = 0; position < bytes.length; index += 1) {
    const into = reader.nextBuffer();
    const wanted = pieces[index % pieces.length] ?? 1;
    const sizeBytes = Math.min(into.length, wanted, bytes.length - position);
    into.set(bytes.subarray(position, position + sizeBytes));
    position += sizeBytes;
    reader.received(sizeBytes);
  }
}

function framed(body: Uint8Array): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(body.length);
  return Buffer.concat([prefix, body]);
}

test("frames come out whole, wherever the stream is cut", () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 4, maxLength: 60 }), { maxLength: 12 });
  const pieces = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(bodies, pieces, (sent, cuts) => {
      const { reader, frames } = readerOf(Buffer.alloc(16));
      feed(reader, Buffer.concat(sent.map(framed)), cuts);
      assert.deepEqual(
        frames.map((frame) => frame.toString("hex")),
        sent.map((body) => Buffer.from(body).toString("hex")),
      );
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("an answer that is announced too large is refused before anything is allocated", () => {
  const { reader, frames, errors } = readerOf(Buffer.alloc(64));
  feed(reader, Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), [64]);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["MALFORMED_ANSWER"],
  );
  assert.equal(frames.length, 0);
});
