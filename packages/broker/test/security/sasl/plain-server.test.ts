import assert from "node:assert/strict";
import { test } from "node:test";

import { userPrincipal } from "../../../src/security/principal.ts";
import { PlainServer } from "../../../src/security/sasl/plain-server.ts";
import type { SaslStep } from "../../../src/security/sasl/sasl-server.ts";

function evaluate(text: string): SaslStep {
  const server = new PlainServer((name, password) => name === "alice" && password === "wonder");
  return server.evaluate(Buffer.from(text));
}

function messageOf(text: string): string | undefined {
  const step = evaluate(text);
  return step.kind === "failed" ? step.message : step.kind;
}

test("the right password lets in, with or without one's own authorization id", () => {
  for (const text of ["\0alice\0wonder", "alice\0alice\0wonder"]) {
    assert.deepEqual(evaluate(text), {
      kind: "complete",
      challenge: Buffer.alloc(0),
      principal: userPrincipal("alice"),
    });
  }
});

test("everything else is refused in Kafka's words", () => {
  const wrong = "Authentication failed: Invalid username or password";
  assert.equal(messageOf("\0alice\0wrong"), wrong);
  assert.equal(messageOf("\0bob\0wonder"), wrong);
  assert.equal(messageOf("\0\0wonder"), "Authentication failed: username not specified");
  assert.equal(messageOf("\0alice\0"), "Authentication failed: password not specified");
  assert.equal(messageOf("alice"), "Invalid SASL/PLAIN response: expected 3 tokens, got 1");
  assert.equal(messageOf("\0a\0b\0c"), "Invalid SASL/PLAIN response: expected 3 tokens, got 4");
});

// CVE-2017-12610.
test("the authorization id of somebody else is refused", () => {
  assert.equal(
    messageOf("admin\0alice\0wonder"),
    "Authentication failed: Client requested an authorization id that is different from username",
  );
});
