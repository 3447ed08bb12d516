import assert from "node:assert/strict";
import { test } from "node:test";

import { isBasicUser, parseBasicUsers } from "../../src/security/basic-authentication.ts";

function headerOf(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

test("a name with its password is let in, and nothing else", () => {
  const users = parseBasicUsers("alice:a:b, bob:c");
  assert.ok(users !== undefined);
  assert.equal(isBasicUser(headerOf("alice:a:b"), users), true);
  assert.equal(isBasicUser(headerOf("bob:c"), users), true);
  for (const header of [
    undefined,
    "",
    "Basic",
    "Bearer x",
    "Basic !",
    headerOf("bob"),
    headerOf(":"),
  ]) {
    assert.equal(isBasicUser(header, users), false, String(header));
  }
  for (const text of ["bob:", "bob:a:b", "carol:", "carol:c", ":c"]) {
    assert.equal(isBasicUser(headerOf(text), users), false, text);
  }
});

test("without users anybody is let in, with none that can be read nobody is", () => {
  assert.equal(parseBasicUsers(null), undefined);
  assert.equal(parseBasicUsers(" "), undefined);
  assert.equal(parseBasicUsers("alice")?.size, 0);
});
