import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FrameCutter } from "../../src/proxy/frame-cutter.ts";

function frame(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + body.length);
  bytes.writeInt32BE(body.length, 0);
  bytes.set(body, 4);
  return bytes;
}

test("frames come out as they went in, however the bytes arrive", () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });
  fc.assert(
    fc.property(bodies, fc.infiniteStream(fc.integer({ min: 1, max: 20 })), (given, sizes) => {
      const frames = given.map(frame);
      const cutter = new FrameCutter();
      const found: Buffer[] = [];
      let bytes = Buffer.concat(frames);
      for (const size of sizes) {
        if (bytes.length === 0) break;
        found.push(...cutter.take(bytes.subarray(0, size)));
        bytes = bytes.subarray(size);
      }
      assert.deepEqual(found, frames);
      assert.equal(cutter.pending.length, 0);
    }),
  );
});

test("what is no frame is refused", () => {
  assert.throws(() => new FrameCutter().take(Buffer.from("GET / HTTP/1.1")), /a frame of/);
  assert.throws(() => new FrameCutter().take(Buffer.from("ffffffff", "hex")), /a frame of -1/);
});
