import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeGroupRecord, encodeGroupRecord } from "../../../src/group/group-records.ts";

// Written by Apache Kafka 4.3.1 for a console consumer.
const key = "00050008636f6e73756d657200164f50435767516f4c5376713065625079476750457641";
const value =
  "0000000011636f6e736f6c652d636f6e73756d65720b2f3132372e302e302e3102076f726465727301000493e00001000100";

test("a member's record is Apache Kafka's, byte for byte", () => {
  const bytes = { key: Buffer.from(key, "hex"), value: Buffer.from(value, "hex") };
  const record = decodeGroupRecord(bytes);
  assert.ok(record?.kind === "consumer-member");
  assert.equal(record.memberId, "OPCWgQoLSvq0ebPyGgPEvA");
  assert.equal(record.value?.classicMemberMetadata, null);
  assert.deepEqual(encodeGroupRecord(record), bytes);
});
