import assert from "node:assert/strict";
import { test } from "node:test";
import { factsLine, fieldLine, impliedDefault } from "../src/definition.ts";

test("a field's line names every fact that differs from the usual", () => {
  const plain = {
    path: "a.b",
    type: "int32",
    isFlexible: false,
    isNullable: false,
    tag: null,
    default: "0",
    isIgnorable: false,
    isMapKey: false,
    entityType: null,
  };
  assert.equal(fieldLine(plain), "a.b int32 default=0");
  const rich = { ...plain, isFlexible: true, isNullable: true, tag: 0, isIgnorable: true };
  assert.equal(
    fieldLine({ ...rich, isMapKey: true, entityType: "groupId" }),
    "a.b int32 flexible nullable tag=0 default=0 ignorable mapKey groupId",
  );
});

test("each type has the default that Kafka's generated classes give it", () => {
  const types = ["[]Item", "bool", "string", "uuid", "bytes", "records", "int64", "float64"];
  assert.deepEqual(
    types.map((type) => impliedDefault(type, false)),
    ["[]", "false", '""', "zero", "empty", "null", "0", "0"],
  );
  assert.equal(impliedDefault("Item", true), "{}");
});

test("the order of listeners does not matter", () => {
  const facts = { type: "request", apiKey: 1, isLatestUnstable: false };
  assert.equal(
    factsLine({ ...facts, listeners: ["controller", "broker"] }),
    factsLine({ ...facts, listeners: ["broker", "controller"] }),
  );
});
