import assert from "node:assert/strict";
import { test } from "node:test";

import { userPrincipal } from "../../../src/security/principal.ts";
import { SaslSession, type SaslSessionOptions } from "../../../src/security/sasl/sasl-session.ts";
import type { SaslStep } from "../../../src/security/sasl/sasl-server.ts";

/** A mechanism whose token says what comes of it. */
function evaluate(token: Buffer): SaslStep {
  const [word = "", name = ""] = token.toString().split(" ");
  if (word === "more") return { kind: "continue", challenge: Buffer.from("go on") };
  if (word === "wrong") return { kind: "failed", reason: "it is wrong" };
  const success = { kind: "complete", challenge: Buffer.alloc(0), principal: userPrincipal(name) };
  if (word === "until")
    return { ...success, kind: "complete", expiresAtMs: Number(token.toString().split(" ")[2]) };
  return { ...success, kind: "complete" };
}

class Given {
  nowMs = 1_000_000;
  readonly session: SaslSession;

  constructor(options: Partial<SaslSessionOptions> = {}) {
    this.session = new SaslSession({
      mechanisms: ["PLAIN", "SCRAM-SHA-256"],
      createServer: () => ({ evaluate }),
      maxReauthMs: () => 0,
      nowMs: () => this.nowMs,
      ...options,
    });
  }

  async token(text: string): Promise<string> {
    const outcome = await this.session.token(Buffer.from(text));
    return outcome.kind === "failed" ? outcome.message : outcome.kind;
  }
}

test("versions may be asked for once, before a mechanism is chosen", () => {
  const { session } = new Given();
  assert.equal(session.askVersions(), true);
  assert.equal(session.askVersions(), false);
  assert.equal(session.handshake("PLAIN"), "accepted");
  assert.equal(session.askVersions(), false);
  assert.equal(session.phase, "tokens");
});

test("a mechanism is chosen once, and only one that is enabled", () => {
  const { session } = new Given();
  assert.equal(session.handshake("GSSAPI"), "unsupported-mechanism");
  assert.equal(session.phase, "failed");
  assert.equal(session.handshake("PLAIN"), "illegal-state");
  const other = new Given();
  assert.equal(other.session.handshake("PLAIN"), "accepted");
  assert.equal(other.session.handshake("PLAIN"), "illegal-state");
});

test("nobody is anybody before the mechanism says so", async () => {
  const given = new Given();
  assert.match(await given.token("ok alice"), /invalid credentials with SASL mechanism none/);
  const right = new Given();
  right.session.handshake("PLAIN");
  assert.equal(await right.token("more"), "continue");
  assert.equal(right.session.principal, undefined);
  assert.equal(await right.token("ok alice"), "authenticated");
  assert.deepEqual(right.session.principal, userPrincipal("alice"));
  assert.match(await right.token("ok bob"), /^Authentication failed/);
});

test("a failure is final", async () => {
  const given = new Given();
  given.session.handshake("PLAIN");
  const words =
    "Authentication failed during authentication due to invalid credentials with SASL mechanism PLAIN";
  assert.equal(await given.token("wrong"), words);
  assert.match(await given.token("ok alice"), /^Authentication failed/);
  assert.equal(given.session.principal, undefined);
});

test("an exchange that does not end is ended", async () => {
  const given = new Given();
  given.session.handshake("PLAIN");
  for (let count = 0; count < 10; count += 1) assert.equal(await given.token("more"), "continue");
  assert.match(await given.token("ok alice"), /^Authentication failed/);
});

// KIP-368: "the broker … will disconnect any such connection that is not re-authenticated".
test("a session ends, and is begun again by the same user alone", async () => {
  const given = new Given({ maxReauthMs: () => 60_000 });
  const { session } = given;
  session.handshake("PLAIN");
  await given.token("ok alice");
  assert.equal(session.mayBeginAgain, false);
  given.nowMs += 1000;
  assert.equal(session.mayBeginAgain, true);
  assert.equal(session.hasEnded, false);
  given.nowMs += 60_000;
  assert.equal(session.hasEnded, true);
  assert.equal(session.handshake("PLAIN"), "accepted");
  assert.equal(session.phase, "again");
  assert.equal(await given.token("ok alice"), "authenticated");
  assert.equal(session.hasEnded, false);
  given.nowMs += 1000;
  session.handshake("PLAIN");
  const words = "Cannot change principals during re-authentication from User:alice to User:bob";
  assert.equal(await given.token("ok bob"), words);
  assert.equal(session.phase, "failed");
});

test("another mechanism is another identity", async () => {
  const given = new Given({ maxReauthMs: () => 60_000 });
  given.session.handshake("PLAIN");
  await given.token("ok alice");
  given.nowMs += 1000;
  assert.equal(given.session.handshake("SCRAM-SHA-256"), "unsupported-mechanism");
});

test("a session lasts no longer than what was shown", async () => {
  const given = new Given({ maxReauthMs: () => 60_000 });
  given.session.handshake("PLAIN");
  const step = await given.session.token(Buffer.from(`until alice ${given.nowMs + 5000}`));
  assert.equal(step.kind === "authenticated" ? step.sessionLifetimeMs : 0, 5000);
  const late = new Given();
  late.session.handshake("PLAIN");
  assert.match(await late.token(`until alice ${late.nowMs}`), /^Authentication failed/);
});
