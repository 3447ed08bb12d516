import assert from "node:assert/strict";
import { test } from "node:test";

import { type AclFilter, matchesAcl } from "../../src/image/acl-filter.ts";

const entry = {
  resourceType: 2,
  resourceName: "orders",
  patternType: 3,
  principal: "User:alice",
  host: "*",
  operation: 3,
  permissionType: 3,
};
const all: AclFilter = {
  resourceType: 1,
  resourceName: null,
  patternType: 1,
  principal: null,
  host: null,
  operation: 1,
  permissionType: 1,
};

test("null and ANY mean every entry, a value means its own alone", () => {
  assert.ok(matchesAcl(all, entry));
  const others = [
    { resourceType: 3 },
    { resourceName: "order" },
    { patternType: 4 },
    { principal: "User:bob" },
    { host: "10.0.0.1" },
    { operation: 4 },
    { permissionType: 2 },
  ];
  for (const other of others) {
    assert.ok(!matchesAcl({ ...all, ...other }, entry), JSON.stringify(other));
  }
  assert.ok(matchesAcl({ ...entry }, entry));
});

test("MATCH finds what applies to a name: itself, its prefixes and the wildcard", () => {
  const match = { ...all, patternType: 2, resourceName: "orders" };
  const wildcard = { ...entry, resourceName: "*" };
  const prefix = { ...entry, resourceName: "ord", patternType: 4 };
  const otherPrefix = { ...prefix, resourceName: "orders-" };
  assert.deepEqual(
    [entry, wildcard, prefix, otherPrefix].map((each) => matchesAcl(match, each)),
    [true, true, true, false],
  );
  const exact = { ...match, patternType: 3 };
  assert.deepEqual(
    [entry, wildcard, prefix].map((each) => matchesAcl(exact, each)),
    [true, false, false],
  );
});
