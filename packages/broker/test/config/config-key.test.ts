import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accepted,
  acts,
  boolean,
  className,
  double,
  int,
  isSensitive,
  list,
  long,
  password,
  refusedUnless,
  short,
  string,
} from "../../src/config/config-key.ts";
import { atLeast } from "../../src/config/validator.ts";

const traits = { importance: "low", status: acts } as const;

test("each builder gives its type and default", () => {
  const keys = [
    boolean(true, traits, "A."),
    int(1, traits, "A."),
    short(2, traits, "A."),
    long(3, traits, "A."),
    double(0.5, traits, "A."),
    string("s", traits, "A."),
    className(null, traits, "A."),
    list(["a"], traits, "A."),
    password(traits, "A."),
  ];
  assert.deepEqual(
    keys.map((key) => [key.type, key.defaultValue]),
    [
      ["boolean", true],
      ["int", 1],
      ["short", 2],
      ["long", 3n],
      ["double", 0.5],
      ["string", "s"],
      ["class", null],
      ["list", ["a"]],
      ["password", null],
    ],
  );
});

test("what is not told is read-only, public and without a check", () => {
  const key = int(1, traits, "A.");
  assert.equal(key.updateMode, "read-only");
  assert.equal(key.isInternal, false);
  assert.equal(key.validator, undefined);
  const told = int(1, { ...traits, updateMode: "per-broker", validator: atLeast(0) }, "A.");
  assert.equal(told.updateMode, "per-broker");
  assert.equal(told.validator?.accepts(-1), false);
});

test("a status carries its reason", () => {
  assert.deepEqual(accepted("why"), { kind: "accepted", reason: "why" });
  assert.deepEqual(refusedUnless(["false"], "why"), {
    kind: "refused",
    allowed: ["false"],
    reason: "why",
  });
});

test("only passwords are sensitive", () => {
  assert.equal(isSensitive(password(traits, "A.")), true);
  assert.equal(isSensitive(string("", traits, "A.")), false);
});
