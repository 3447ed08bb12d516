import assert from "node:assert/strict";
import { test } from "node:test";

import { parseMappingRules } from "../../src/security/principal-mapping.ts";

function nameOf(rules: string, distinguishedName: string): string | undefined {
  const outcome = parseMappingRules(rules);
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
  return outcome.mapping.nameOf(distinguishedName);
}

// The examples are KIP-371's.
test("the first rule that matches the whole name counts", () => {
  const rules = [
    "RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/",
    "RULE:^CN=(.*?),OU=(.*?),O=(.*?),L=(.*?),ST=(.*?),C=(.*?)$/$1@$2/L",
    "RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/U",
    "DEFAULT",
  ].join(",");
  const service = "CN=duke,OU=ServiceUsers,O=Org,C=US";
  assert.equal(nameOf(rules, service), "duke");
  const full = "CN=duke,OU=SME,O=mycp,L=Fulton,ST=MD,C=US";
  assert.equal(nameOf(rules, full), "duke@sme");
  assert.equal(nameOf(rules, "cn=johnSmith"), "JOHNSMITH");
  assert.equal(nameOf(rules, "O=nobody"), "O=nobody");
});

test("without a rule that fits there is no name", () => {
  assert.equal(nameOf("RULE:^CN=x$/x/", "CN=y"), undefined);
  assert.equal(nameOf("", "CN=y"), "CN=y");
});

test("slashes and dollars are escaped as in Java", () => {
  assert.equal(nameOf("RULE:^CN=(\\w+)\\/(\\w+)$/$2\\/\\$$1/", "CN=a/b"), "b/$a");
});

test("what is no rule is refused, and so is a pattern that could take for ever", () => {
  for (const rules of ["RULE:x", "default", "RULE:(/x/", "RULE:(?=a)/x/", "RULE:(a)\\1/x/"]) {
    assert.equal(parseMappingRules(rules).ok, false, rules);
  }
});

test("a name that ruins a backtracking engine is judged at once", { timeout: 5000 }, () => {
  assert.equal(nameOf("RULE:^CN=(a|a?)+$/$1/", `CN=${"a".repeat(2000)}!`), undefined);
});
