import assert from "node:assert/strict";
import { test } from "node:test";

import { crc32c, warmCrc32c } from "@millrace/protocol";
import fc from "fast-check";

import { crc32cSlicing } from "../src/crc32c-slicing.ts";

test("the checksums are those of RFC 3720", () => {
  const ascending = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
  assert.equal(crc32c(Buffer.alloc(32), 0, 32), 0x8a9136aa);
  assert.equal(crc32c(Buffer.alloc(32, 0xff), 0, 32), 0x62a8ab43);
  assert.equal(crc32c(ascending, 0, 32), 0x46dd794e);
  assert.equal(crc32c(Buffer.from("123456789"), 0, 9), 0xe3069283);
  assert.equal(crc32c(Buffer.alloc(0), 0, 0), 0);
});

test("the native module and JavaScript agree, on parts too", () => {
  assert.equal(warmCrc32c(), true, "the native module is installed here");
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 2654435761) >>> 11));
  const position = fc.nat({ max: bytes.length });
  const property = fc.property(position, position, position, (a, b, c) => {
    const [start = 0, middle = 0, end = 0] = [a, b, c].sort((left, right) => left - right);
    const whole = crc32cSlicing(bytes, start, end);
    assert.equal(crc32c(bytes, start, end), whole);
    const first = crc32c(bytes, start, middle);
    assert.equal(crc32c(bytes, middle, end, first), whole);
  });
  fc.assert(property, { numRuns: 500, seed: 7 });
});
