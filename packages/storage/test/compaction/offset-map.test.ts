import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OffsetMap, reserveOffsetMap } from "../../src/compaction/offset-map.ts";

const secret = Buffer.from("0123456789abcdef");

test("the map knows the last offset of every key, whatever the order", () => {
  const entries = fc.array(fc.string({ maxLength: 3 }), { maxLength: 60 });
  const property = fc.property(entries, (keys) => {
    const map = new OffsetMap(reserveOffsetMap(64, secret));
    const oracle = new Map<string, number>();
    for (const [offset, key] of keys.entries()) {
      const bytes = Buffer.from(`..${key}`);
      map.put(bytes, { start: 2, end: bytes.length }, offset);
      oracle.set(key, offset);
    }
    assert.equal(map.size, oracle.size);
    assert.equal(map.latestOffset, keys.length - 1);
    for (const [key, offset] of oracle) {
      const bytes = Buffer.from(key);
      assert.equal(map.get(bytes, 0, bytes.length), offset);
    }
    assert.equal(map.get(Buffer.from("absent"), 0, 6), -1);
  });
  fc.assert(property, { numRuns: 200, seed: 8 });
});

test("a map is shared by whoever has its memory", () => {
  const shared = structuredClone(reserveOffsetMap(8, secret));
  const writer = new OffsetMap(shared);
  writer.put(Buffer.from("key"), { start: 0, end: 3 }, 2 ** 40);
  const reader = new OffsetMap(shared);
  assert.equal(reader.get(Buffer.from("key"), 0, 3), 2 ** 40);
  assert.deepEqual([reader.size, reader.latestOffset], [1, 2 ** 40]);
});

test("the last slot stays free", () => {
  const map = new OffsetMap(reserveOffsetMap(2, secret));
  map.put(Buffer.from("a"), { start: 0, end: 1 }, 1);
  assert.throws(() => map.put(Buffer.from("b"), { start: 0, end: 1 }, 2), /free slot/u);
});
