import assert from "node:assert/strict";
import { test } from "node:test";

import { STANDARD_AUTHORIZER } from "../../src/config/authorizer-keys.ts";
import { ConfigurationError, loadBrokerConfig } from "../../src/config/index.ts";

function authorizerOf(overrides: Readonly<Record<string, string>>) {
  return loadBrokerConfig({ overrides, environment: {} }).config.authorizer;
}

const enabled = { "authorizer.class.name": STANDARD_AUTHORIZER };

test("without a class there is no authorizer, with it nobody is above it unless named", () => {
  assert.equal(authorizerOf({ "super.users": "User:a" }), undefined);
  assert.deepEqual(authorizerOf(enabled), { superUsers: new Set(), isOpenWithoutAcls: false });
});

test("super users are parted by semicolons; names keep their commas and colons", () => {
  const superUsers = "User:CN=a,O=b; User:c:d ;;Group:e";
  const open = "allow.everyone.if.no.acl.found";
  assert.deepEqual(authorizerOf({ ...enabled, "super.users": superUsers, [open]: "TRUE" }), {
    superUsers: new Set(["User:CN=a,O=b", "User:c:d", "Group:e"]),
    isOpenWithoutAcls: true,
  });
});

test("a user without a type and a word that is no yes or no are refused", () => {
  const bad = [{ "super.users": "alice" }, { "allow.everyone.if.no.acl.found": "sure" }];
  for (const each of bad) {
    assert.throws(() => authorizerOf({ ...enabled, ...each }), ConfigurationError);
  }
});
