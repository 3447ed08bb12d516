import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeShareStateRecord,
  encodeShareStateRecord,
} from "../../src/share-state/share-state-records.ts";

// Written by Apache Kafka 4.3.1 for a share consumer that accepted ten records.
const snapshotKey = "00000002736788fa90396d494b9981a5cb9fb64ae21300000001";
const snapshotValue =
  "0000000000000000000200000000ffffffffffffffff000001a20868172c000001a20868172c0100";
const updateKey = "00010002736788fa90396d494b9981a5cb9fb64ae21300000001";
const updateValue =
  "0000000000000000000000000000000000000200000000000000000000000000000009020001000100040000000a";

const cases = [
  ["a snapshot", snapshotKey, snapshotValue, "share-snapshot"],
  ["an update", updateKey, updateValue, "share-update"],
  ["a tombstone", snapshotKey, null, "share-snapshot"],
] as const;

for (const [name, key, value, kind] of cases) {
  test(`${name} is Apache Kafka's, byte for byte`, () => {
    const bytes = {
      key: Buffer.from(key, "hex"),
      value: value === null ? null : Buffer.from(value, "hex"),
    };
    const record = decodeShareStateRecord(bytes);
    assert.ok(record !== undefined);
    assert.equal(record.kind, kind);
    assert.deepEqual([record.groupId, record.partition], ["sg", 1]);
    assert.deepEqual(encodeShareStateRecord(record), bytes);
  });
}

test("a record of a kind that is not known yet is passed over", () => {
  const key = Buffer.from(snapshotKey, "hex");
  key.writeInt16BE(9);
  assert.equal(decodeShareStateRecord({ key, value: null }), undefined);
});
