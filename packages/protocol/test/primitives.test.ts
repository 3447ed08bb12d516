import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isUuid,
  METADATA_TOPIC_ID,
  uuidFromBytes,
  uuidToBytes,
  ZERO_UUID,
} from "@millrace/protocol";

test("a uuid is 22 characters of base64url, and 16 bytes", () => {
  const bytes = Buffer.from("00112233445566778899aabbccddeeff", "hex");
  const id = uuidFromBytes(bytes);
  assert.equal(id, "ABEiM0RVZneImaq7zN3u_w");
  assert.deepEqual(uuidToBytes(id), bytes);
  assert.throws(() => uuidFromBytes(Buffer.alloc(15)), RangeError);
});

test("the constants are the bytes that Kafka reserves", () => {
  assert.deepEqual(uuidToBytes(ZERO_UUID), Buffer.alloc(16));
  assert.deepEqual(uuidToBytes(METADATA_TOPIC_ID), Buffer.from(`${"00".repeat(15)}01`, "hex"));
});

test("what Kafka would not print is no uuid", () => {
  assert.equal(isUuid(ZERO_UUID), true);
  for (const text of [
    "",
    "AAAA",
    `${ZERO_UUID}A`,
    "AAAAAAAAAAAAAAAAAAAAAB",
    "AAAAAAAAAA+AAAAAAAAAAA",
  ]) {
    assert.equal(isUuid(text), false, text);
  }
});
