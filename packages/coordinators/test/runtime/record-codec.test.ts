import assert from "node:assert/strict";
import { test } from "node:test";
import { OffsetCommitKey, OffsetCommitValue, ZERO_UUID } from "@millrace/protocol";

import {
  decodeKey,
  decodeValue,
  encodeKey,
  encodeValue,
  recordType,
} from "../../src/runtime/index.ts";

test("a key begins with its type, a value with its version", () => {
  const fields = { group: "g", topic: "t", partition: 3 };
  const key = encodeKey(OffsetCommitKey, fields);
  assert.equal(recordType(key), 1);
  assert.deepEqual(decodeKey(OffsetCommitKey, key), fields);
  const value = encodeValue(OffsetCommitValue, 3, {
    offset: 5,
    leaderEpoch: 1,
    metadata: "m",
    commitTimestamp: 7,
  });
  assert.equal(value.readInt16BE(0), 3);
  assert.deepEqual(decodeValue(OffsetCommitValue, value), {
    offset: 5,
    leaderEpoch: 1,
    metadata: "m",
    commitTimestamp: 7,
    expireTimestamp: -1,
    topicId: ZERO_UUID,
  });
});

test("a tombstone has no value, a key that is too short no type", () => {
  assert.equal(decodeValue(OffsetCommitValue, null), null);
  assert.equal(recordType(Buffer.alloc(1)), -1);
});
