import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromRecordJson, toRecordJson } from "../../src/records/record-json.ts";
import type { ShownRecord } from "../../src/records/shown-record.ts";

const bytes = fc.option(
  fc.oneof(fc.uint8Array(), fc.string({ unit: "binary" })).map((one) => Buffer.from(one)),
);

function shown(parts: Partial<ShownRecord>): ShownRecord {
  return {
    topic: "orders",
    partition: 3,
    offset: 7n,
    timestamp: 1000,
    timestampType: "create_time",
    key: null,
    value: null,
    headers: [],
    ...parts,
  };
}

test("what was consumed is produced again byte for byte", () => {
  const headers = fc.array(fc.tuple(fc.string(), bytes), { maxLength: 3 });
  fc.assert(
    fc.property(bytes, bytes, headers, (key, value, pairs) => {
      const line = JSON.stringify(toRecordJson(shown({ key, value, headers: pairs }), false));
      assert.deepEqual(fromRecordJson(line), {
        topic: "orders",
        partition: 3,
        timestamp: 1000,
        key,
        value,
        headers: pairs,
      });
    }),
  );
});

test("a value that is JSON can be shown as what it means", () => {
  const value = Buffer.from('{"total": 12}');
  assert.deepEqual(toRecordJson(shown({ value }), true).value, { total: 12 });
  assert.equal(toRecordJson(shown({ value }), false).value, '{"total": 12}');
  assert.equal(toRecordJson(shown({ value: Buffer.from("plain") }), true).value, "plain");
});

test("an object, a list or a number as a value is written as JSON; headers may be an object", () => {
  const line = '{"key":"42","value":{"total":12},"headers":{"trace":"7"}}';
  const record = fromRecordJson(line);
  assert.equal(record.value?.toString(), '{"total":12}');
  assert.deepEqual(record.headers, [["trace", Buffer.from("7")]]);
});

test("an offset that JSON's readers would round is text", () => {
  assert.equal(toRecordJson(shown({ offset: 2n ** 60n }), false).offset, "1152921504606846976");
});

for (const [line, said] of [
  ["{", /it is not JSON/u],
  ["[]", /a record is an object/u],
  ['{"topic":"a"}', /at least a value or a key/u],
  ['{"value":"a","partition":"1"}', /partition is a whole number, not "1"/u],
  ['{"value":"a","headers":3}', /headers are an object, or a list of pairs/u],
  ['{"value":"a","headers":[["x"]]}', /a header is a name and a value/u],
] as const) {
  test(`${line} is refused`, () => {
    assert.throws(() => fromRecordJson(line), said);
  });
}
