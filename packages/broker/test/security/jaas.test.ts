import assert from "node:assert/strict";
import { test } from "node:test";

import { parseJaas } from "../../src/security/jaas.ts";

function entriesOf(text: string) {
  const outcome = parseJaas(text);
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
  return outcome.entries.map(({ loginModule, controlFlag, options }) => ({
    loginModule,
    controlFlag,
    options: Object.fromEntries(options),
  }));
}

test("a line is read as people write it", () => {
  const module = "org.apache.kafka.common.security.plain.PlainLoginModule";
  const lines = `${module} required \\
    username="admin" /* for brokers */
    user_alice="a;b=\\"c\\"" // a comment
    user_bob=plain;`;
  const options = { username: "admin", user_alice: 'a;b="c"', user_bob: "plain" };
  assert.deepEqual(entriesOf(lines.replace("\\\n", "\n")), [
    { loginModule: module, controlFlag: "required", options },
  ]);
  assert.deepEqual(
    entriesOf("A REQUIRED;B optional x=1;").map((entry) => entry.controlFlag),
    ["required", "optional"],
  );
});

test("what is not a JAAS line is told, without what it says", () => {
  const reasons = [
    "",
    "A;",
    "A required",
    "A required x;",
    'A required x="y;',
    "A required =;",
  ].map((text) => {
    const outcome = parseJaas(text.replace("x", "secret"));
    return outcome.ok ? "ok" : outcome.reason;
  });
  assert.deepEqual(reasons, [
    "it has no login module",
    "after A one of required, requisite, sufficient, optional is expected",
    "the last entry does not end with a semicolon",
    "an option is not of the form name=value",
    "a quote is not closed",
    "an option is not of the form name=value",
  ]);
});

test("a long line takes no longer than its length", { timeout: 5000 }, () => {
  parseJaas(`A required ${'x="'.repeat(100_000)}`);
});
