import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter } from "../../src/records/record-filter.ts";
import type { ShownRecord } from "../../src/records/shown-record.ts";

const record: ShownRecord = {
  topic: "orders",
  partition: 3,
  offset: 7n,
  timestamp: 1000,
  timestampType: "create_time",
  key: Buffer.from("42"),
  value: Buffer.from('{"total":12}'),
  headers: [["source", Buffer.from("shop")]],
};

for (const [expression, isAccepted] of [
  ["value.total > 10", true],
  ["value.total > 12", false],
  ['key === "42" && headers.source === "shop"', true],
  ['offset === 7 && partition === 3 && topic.startsWith("ord")', true],
  ["value.absent", false],
] as const) {
  test(`${expression} is ${isAccepted}`, async () => {
    using filter = await compileFilter(expression);
    assert.equal(filter.accepts(record), isAccepted);
    assert.equal(filter.accepts(record), isAccepted);
  });
}

test("a filter sees nothing of the process", async () => {
  for (const name of ["process", "require", "fetch", "globalThis.process", "WebAssembly"]) {
    using filter = await compileFilter(`typeof ${name} === "undefined"`);
    assert.equal(filter.accepts(record), true, name);
  }
});

test("what is no expression, throws, or does not end is told with its place", async () => {
  await assert.rejects(compileFilter("value.total >"), /--filter: /u);
  using throwing = await compileFilter("value.absent.field");
  assert.throws(() => throwing.accepts(record), /--filter at orders-3, offset 7: cannot read/u);
  using endless = await compileFilter("(() => { for (;;); })()");
  assert.throws(() => endless.accepts(record), /it does not come to an end/u);
  using greedy = await compileFilter('"x".repeat(1e9).length');
  assert.throws(() => greedy.accepts(record), /memory|length/u);
});
