import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFormat } from "../../src/records/format-string.ts";
import type { ShownRecord } from "../../src/records/shown-record.ts";

const record: ShownRecord = {
  topic: "orders",
  partition: 3,
  offset: 7n,
  timestamp: 1000,
  timestampType: "create_time",
  key: Buffer.from("k"),
  value: Buffer.from([0x68, 0xff]),
  headers: [
    ["a", Buffer.from("1")],
    ["b", null],
  ],
};

const tombstone: ShownRecord = { ...record, key: null, value: null, headers: [] };

for (const [format, expected, ofTombstone] of [
  ["%t[%p]@%o %T", "orders[3]@7 1000", "orders[3]@7 1000"],
  ["%k:%K/%S", "k:1/2", ":-1/-1"],
  ["%s{hex} %s{base64} %k{hex}", "68ff aP8= 6b", "  "],
  ["%h;", "a=1,b=NULL;", ";"],
  ["100%%\\n\\t\\\\\\x41", "100%\n\t\\A", "100%\n\t\\A"],
] as const) {
  test(`${format} of a record and of a tombstone`, () => {
    assert.equal(compileFormat(format)(record).toString("latin1"), expected);
    assert.equal(compileFormat(format)(tombstone).toString("latin1"), ofTombstone);
  });
}

test("values come byte for byte; %R is their size before them", () => {
  assert.deepEqual([...compileFormat("%R%s")(record)], [0, 0, 0, 2, 0x68, 0xff]);
  assert.deepEqual([...compileFormat("%R")(tombstone)], [255, 255, 255, 255]);
});

test("a token that is none is named", () => {
  assert.throws(() => compileFormat("%t %y"), /"%y" is no token/u);
  assert.throws(() => compileFormat("%t{hex}"), /"%t\{hex\}" is no token/u);
});
