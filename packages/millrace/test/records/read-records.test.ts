import assert from "node:assert/strict";
import { test } from "node:test";
import { type InputForm, readRecords } from "../../src/records/read-records.ts";

async function read(text: string, form: InputForm) {
  const found: unknown[] = [];
  for await (const { key, value, headers, ...rest } of readRecords(inputOf(text), form)) {
    const pairs = headers.map(([name, one]) => `${name}=${one?.toString() ?? "null"}`);
    found.push([key?.toString() ?? null, value?.toString() ?? null, ...pairs, rest]);
  }
  return found;
}

// oxlint-disable-next-line require-await -- an input that has everything at once
async function* inputOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const lines = {
  kind: "lines",
  delimiter: Buffer.from("\n"),
  keyDelimiter: undefined,
  isEmptyNull: false,
} as const;

test("a line is a value; an empty one is an empty value, or none where that is asked for", async () => {
  assert.deepEqual(await read("a\n\nb", lines), [
    [null, "a", {}],
    [null, "", {}],
    [null, "b", {}],
  ]);
  assert.deepEqual(await read("a\n\n", { ...lines, isEmptyNull: true }), [
    [null, "a", {}],
    [null, null, {}],
  ]);
});

test("a key stands before the first delimiter", async () => {
  const form = { ...lines, keyDelimiter: Buffer.from("::") };
  assert.deepEqual(await read("k::v::w\nalone\n::v", form), [
    ["k", "v::w", {}],
    [null, "alone", {}],
    ["", "v", {}],
  ]);
});

test("the whole input is one value", async () => {
  assert.deepEqual(await read("a\nb\n", { kind: "whole" }), [[null, "a\nb\n", {}]]);
});

test("NDJSON: a wrong line is named by its number", async () => {
  const text = '{"key":"k","value":"v","headers":[["a","1"]],"partition":2}\n\n{"value":null}\n';
  assert.deepEqual(await read(text, { kind: "json" }), [
    ["k", "v", "a=1", { partition: 2 }],
    [null, null, {}],
  ]);
  await assert.rejects(read('{"value":1}\nx\n', { kind: "json" }), /line 2: it is not JSON/u);
});

test("CSV: columns by their names, quotes, and an empty cell is none", async () => {
  const text = 'key,value,partition,headers\n1,"a, ""b""",2,"[[""h"",""x""]]"\n2,,,\n';
  assert.deepEqual(await read(text, { kind: "csv" }), [
    ["1", 'a, "b"', "h=x", { partition: 2 }],
    ["2", null, {}],
  ]);
  await assert.rejects(read("key,valu\n1,2\n", { kind: "csv" }), /there is valu/u);
  await assert.rejects(read("key,value\n1\n", { kind: "csv" }), /Invalid Record Length/u);
  await assert.rejects(read("value,partition\na,x\n", { kind: "csv" }), /row 1: partition is/u);
});
