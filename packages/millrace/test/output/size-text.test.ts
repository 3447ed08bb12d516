import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeText } from "../../src/output/size-text.ts";

test("sizes are told in the unit that fits", () => {
  assert.equal(sizeText(undefined), "-");
  assert.equal(sizeText(0n), "0 B");
  assert.equal(sizeText(1023), "1023 B");
  assert.equal(sizeText(1536n), "1.5 KiB");
  assert.equal(sizeText(5 * 1024 ** 3), "5.0 GiB");
});
