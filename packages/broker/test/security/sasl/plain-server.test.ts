import assert from "node:assert/strict";
import { test } from "node:test";

import { userPrincipal } from "../../../src/security/principal.ts";
import { PlainServer } from "../../../src/security/sasl/plain-server.ts";
import type { SaslStep } from "../../../src/security/sasl/sasl-server.ts";

function evaluate(text: string): Promise<SaslStep> {
  const server = new PlainServer((name, password) =>
    Promise.resolve(name === "alice" && password === "wonder"),
  );
  return server.evaluate(Buffer.from(text));
}

async function messageOf(text: string): Promise<string | undefined> {
  const step = await evaluate(text);
  return step.kind === "failed" ? step.message : step.kind;
}

test("the right password lets in, with or without one's own authorization id", async () => {
  for (const text of ["\0alice\0wonder", "alice\0alice\0wonder"]) {
    assert.deepEqual(await evaluate(text), {
      kind: "complete",
      challenge: Buffer.alloc(0),
      principal: userPrincipal("alice"),
    });
  }
});

test("everything else is refused in Kafka's words", async () => {
  const wrong = "Authentication failed: Invalid username or password";
  assert.equal(await messageOf("\0alice\0wrong"), wrong);
  assert.equal(await messageOf("\0bob\0wonder"), wrong);
  assert.equal(await messageOf("\0\0wonder"), "Authentication failed: username not specified");
  assert.equal(await messageOf("\0alice\0"), "Authentication failed: password not specified");
  assert.equal(await messageOf("alice"), "Invalid SASL/PLAIN response: expected 3 tokens, got 1");
  assert.equal(
    await messageOf("\0a\0b\0c"),
    "Invalid SASL/PLAIN response: expected 3 tokens, got 4",
  );
});

// CVE-2017-12610.
test("the authorization id of somebody else is refused", async () => {
  assert.equal(
    await messageOf("admin\0alice\0wonder"),
    "Authentication failed: Client requested an authorization id that is different from username",
  );
});
