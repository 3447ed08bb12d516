import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FileContent } from "../../src/memory/content.ts";

const position = fc.nat(50_000);
const change = fc.oneof(
  fc.record({ kind: fc.constant("write"), position, size: fc.nat(20_000), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant("truncate"), position, size: fc.nat(1), byte: fc.nat(1) }),
);

test("reads, writes and cuts in any order equal those of one plain buffer", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), position, (changes, readAt) => {
      const content = new FileContent();
      let plain: Buffer = Buffer.alloc(0);
      for (const one of changes) {
        if (one.kind === "truncate") {
          content.truncate(one.position);
          plain = resized(plain, one.position);
        } else {
          content.write(Buffer.alloc(one.size, one.byte), one.position);
          const end = one.size === 0 ? 0 : one.position + one.size;
          plain = resized(plain, Math.max(plain.length, end));
          plain.fill(one.byte, one.position, one.position + one.size);
        }
      }
      assert.ok(content.toBuffer().equals(plain));
      assert.ok(content.clone().toBuffer().equals(plain));
      assert.ok(content.occupiedBytes <= content.sizeBytes);
      const into = Buffer.alloc(5000, 99);
      const count = content.read(into, readAt);
      assert.ok(into.subarray(0, count).equals(plain.subarray(readAt, readAt + 5000)));
    }),
    { seed: 5, numRuns: 300 },
  );
});

test("a clone changes on its own", () => {
  const content = new FileContent();
  content.write(Buffer.from("abc"), 0);
  const copy = content.clone();
  copy.write(Buffer.from("x"), 0);
  assert.equal(content.toBuffer().toString(), "abc");
});

test("a file that was only extended occupies nothing", () => {
  const content = new FileContent();
  content.truncate(10_485_760);
  assert.equal(content.occupiedBytes, 0);
  content.write(Buffer.alloc(8, 1), 0);
  assert.equal(content.occupiedBytes, 8);
});

function resized(bytes: Buffer, sizeBytes: number): Buffer {
  const copy = Buffer.alloc(sizeBytes);
  bytes.copy(copy);
  return copy;
}
