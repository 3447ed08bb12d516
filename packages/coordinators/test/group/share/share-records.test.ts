import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeGroupRecord, encodeGroupRecord } from "../../../src/group/group-records.ts";

// Written by Apache Kafka 4.3.1 for a share consumer: kind, key and value.
const records = [
  [
    "share-member",
    "000a00027367001656367557554131765243755533532d5f453843386277",
    "0000000e636f6e73756d65722d73672d310b2f3132372e302e302e3102076f726465727300",
  ],
  ["share-group", "000b00027367", "0000000000024285d1b628e9041600"],
  ["share-target-epoch", "000c00027367", "000000000002010008000001a208680e93"],
  [
    "share-target",
    "000d00027367001656367557554131765243755533532d5f453843386277",
    "00000288fa90396d494b9981a5cb9fb64ae2130300000000000000010000",
  ],
  [
    "share-assignment",
    "000e00027367001656367557554131765243755533532d5f453843386277",
    "00000000000300000002000288fa90396d494b9981a5cb9fb64ae2130300000000000000010000",
  ],
  [
    "share-state-partitions",
    "000f00027367",
    "00000288fa90396d494b9981a5cb9fb64ae213076f726465727303000000000000000100010100",
  ],
] as const;

for (const [kind, key, value] of records) {
  test(`a record of a ${kind} is Apache Kafka's, byte for byte`, () => {
    const bytes = { key: Buffer.from(key, "hex"), value: Buffer.from(value, "hex") };
    const record = decodeGroupRecord(bytes);
    assert.ok(record !== undefined);
    assert.equal(record.kind, kind);
    assert.equal(record.groupId, "sg");
    assert.deepEqual(encodeGroupRecord(record), bytes);
    const tombstone = { key: bytes.key, value: null };
    const removal = decodeGroupRecord(tombstone);
    assert.ok(removal !== undefined);
    assert.deepEqual(encodeGroupRecord(removal), tombstone);
  });
}
