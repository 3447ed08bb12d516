import assert from "node:assert/strict";
import { test } from "node:test";

import {
  anonymous,
  isSamePrincipal,
  parsePrincipal,
  principalText,
  userPrincipal,
} from "../../src/security/principal.ts";

test("a principal is written and read in Kafka's notation", () => {
  assert.equal(principalText(anonymous), "User:ANONYMOUS");
  assert.deepEqual(parsePrincipal("User:CN=a,O=b:c"), userPrincipal("CN=a,O=b:c"));
  assert.equal(parsePrincipal("alice"), undefined);
  assert.equal(parsePrincipal(":alice"), undefined);
});

test("type and name make a principal, how it was shown does not", () => {
  const alice = userPrincipal("alice");
  const withToken = { ...alice, isTokenAuthenticated: true };
  assert.ok(isSamePrincipal(alice, withToken));
  assert.ok(!isSamePrincipal(alice, { ...alice, type: "Group" }));
  assert.ok(!isSamePrincipal(alice, userPrincipal("bob")));
});
