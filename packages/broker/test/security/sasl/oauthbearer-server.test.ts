import assert from "node:assert/strict";
import { test } from "node:test";

import { userPrincipal } from "../../../src/security/principal.ts";
import { OauthbearerServer } from "../../../src/security/sasl/oauthbearer-server.ts";
import type { SaslStep } from "../../../src/security/sasl/sasl-server.ts";

const expiresAtMs = 5_000_000;

async function serverOf(): Promise<OauthbearerServer> {
  return new OauthbearerServer({
    validate: (token) =>
      Promise.resolve(
        token === "good"
          ? { ok: true, subject: "alice", expiresAtMs }
          : { ok: false, reason: "the token is refused" },
      ),
  });
}

async function evaluate(text: string): Promise<SaslStep> {
  return (await serverOf()).evaluate(Buffer.from(text));
}

test("a good token lets in until it ends", async () => {
  for (const text of [
    "n,,\u0001auth=Bearer good\u0001\u0001",
    "n,a=alice,\u0001x=1\u0001auth=bearer good\u0001\u0001",
  ]) {
    assert.deepEqual(await evaluate(text), {
      kind: "complete",
      challenge: Buffer.alloc(0),
      principal: userPrincipal("alice"),
      expiresAtMs,
    });
  }
});

// RFC 7628 §3.2.3: the client acknowledges the refusal, then the exchange fails.
test("a bad token is told first, and fails when that is acknowledged", async () => {
  const server = await serverOf();
  const told = await server.evaluate(Buffer.from("n,,\u0001auth=Bearer bad\u0001\u0001"));
  assert.deepEqual(told, {
    kind: "continue",
    challenge: Buffer.from('{"status":"invalid_token"}'),
  });
  const end = await server.evaluate(Buffer.from("\u0001"));
  assert.deepEqual(end, {
    kind: "failed",
    message: "the token is refused",
    reason: "the token is refused",
  });
});

test("somebody else's authorization id is refused", async () => {
  assert.equal((await evaluate("n,a=admin,\u0001auth=Bearer good\u0001\u0001")).kind, "failed");
});

test("what is no message is refused", async () => {
  for (const text of [
    "",
    "n,,",
    "n,,\u0001auth=Bearer good\u0001",
    "n,,\u0001auth=Basic good\u0001\u0001",
    "p=x,,\u0001auth=Bearer good\u0001\u0001",
  ]) {
    assert.equal((await evaluate(text)).kind, "failed", JSON.stringify(text));
  }
});
