import assert from "node:assert/strict";
import { test } from "node:test";

import { TokenBucket } from "../../src/quota/token-bucket.ts";

test("it begins full, owes what was taken too many, and fills at its rate", () => {
  const bucket = new TokenBucket({ samples: 11, windowMs: 1000 });
  assert.equal(bucket.tokens(2, 50), 22);
  bucket.take(30, 2, 50);
  assert.equal(bucket.tokens(2, 50), -8);
  assert.equal(bucket.throttleMs(2, 50), 4000);
  assert.equal(bucket.throttleMs(2, 3050), 1000);
  assert.equal(bucket.throttleMs(2, 4050), 0);
  assert.equal(bucket.tokens(2, 1_000_000), 22);
});

test("another rate counts from now on", () => {
  const bucket = new TokenBucket({ samples: 11, windowMs: 1000 });
  bucket.take(22, 2, 0);
  assert.equal(bucket.tokens(4, 1000), 4);
  assert.equal(bucket.tokens(4, 100_000), 44);
  assert.equal(bucket.tokens(1, 100_000), 11);
});

test("a rate may be as large or as small as a number is", () => {
  const bucket = new TokenBucket({ samples: 11, windowMs: 1000 });
  bucket.take(5, Number.POSITIVE_INFINITY, 0);
  assert.equal(bucket.throttleMs(Number.POSITIVE_INFINITY, 0), 0);
  assert.equal(bucket.tokens(2, 0), 22);
  bucket.take(30, 1e-300, 0);
  assert.equal(bucket.throttleMs(1e-300, 0), 2_147_483_647);
});
