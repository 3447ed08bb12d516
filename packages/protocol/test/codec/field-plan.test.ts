import assert from "node:assert/strict";
import { test } from "node:test";
import { ZERO_UUID } from "@millrace/protocol";
import { defaultOf, planFields } from "../../src/codec/field-plan.ts";
import { TestMessage } from "./test-schema.ts";

test("a plan says what a version makes of a field", () => {
  const plan = (version: number, name: string) => {
    const scope = { path: "Test", version, isFlexible: version > 0 };
    return planFields(TestMessage.fields, scope).find((one) => one.name === name);
  };
  assert.equal(plan(0, "rack")?.isPresent, false);
  assert.equal(plan(0, "rack")?.tag, null);
  assert.equal(plan(1, "rack")?.tag, 0);
  assert.equal(plan(1, "records")?.isNullable, true);
  assert.equal(plan(0, "records")?.isNullable, false);
  assert.equal(plan(1, "name")?.isCompact, true);
  assert.equal(plan(0, "flag")?.isOmissible, false);
  assert.equal(plan(0, "small")?.isOmissible, true);
  assert.deepEqual([plan(0, "numbers")?.isArray, plan(0, "numbers")?.primitive], [true, "int32"]);
  assert.equal(plan(2, "cursor")?.primitive, null);
});

test("each type has its default, and each structure is a new one", () => {
  assert.equal(defaultOf({ type: "uuid" })(), ZERO_UUID);
  assert.equal(defaultOf({ type: "records" })(), null);
  assert.equal(defaultOf({ type: "int64", as: "bigint" })(), 0n);
  assert.deepEqual(defaultOf({ type: "[]int32" })(), []);
  const make = defaultOf({ type: "Pair", fields: { a: { type: "int8", default: 3 } } });
  assert.deepEqual(make(), { a: 3 });
  assert.notEqual(make(), make());
});
