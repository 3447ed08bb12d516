import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../src/compare.ts";
import type { Definition } from "../src/definition.ts";

function definition(changed: Partial<Definition> = {}): Definition {
  return {
    name: "Test",
    facts: "data",
    firstVersion: 0,
    lastVersion: 1,
    fieldsAt: (version) => (version === 0 ? ["a int32 default=0"] : ["a int32", "b bool"]),
    ...changed,
  };
}

test("equal definitions have no difference", () => {
  const found = compare([definition()], [definition()]);
  assert.deepEqual(found, {
    messageCount: 1,
    missing: [],
    unknown: [],
    differences: [],
    differentCount: 0,
  });
});

test("a message that only one side has is named", () => {
  const found = compare([definition({ name: "Ours" })], [definition()]);
  assert.deepEqual([found.missing, found.unknown], [["Test"], ["Ours"]]);
});

const changes: { readonly [what: string]: Partial<Definition> } = {
  "another fact": { facts: "header" },
  "another first version": { firstVersion: 1 },
  "another last version": { lastVersion: 2 },
  "another default": { fieldsAt: () => ["a int32 default=1"] },
  "a field less": { fieldsAt: () => [] },
  "fields in another order": {
    fieldsAt: (version) => (version === 0 ? ["a int32 default=0"] : ["b bool", "a int32"]),
  },
};

for (const [what, change] of Object.entries(changes)) {
  test(`${what} is a difference`, () => {
    const found = compare([definition(change)], [definition()]);
    assert.equal(found.differentCount, 1);
    assert.ok(found.differences.length >= 1);
    assert.match(found.differences[0] ?? "", /^Test/);
  });
}
