import assert from "node:assert/strict";
import { test } from "node:test";

import { userPrincipal } from "../../../src/security/principal.ts";
import {
  credentialOf,
  saltedPassword,
  scramHash,
  scramHmac,
  type ScramMechanism,
  scramMechanisms,
} from "../../../src/security/scram-credential.ts";
import type { SaslStep } from "../../../src/security/sasl/sasl-server.ts";
import { ScramServer, type ScramServerOptions } from "../../../src/security/sasl/scram-server.ts";

const [sha256, sha512] = scramMechanisms;

/** RFC 7677's example: user `user`, password `pencil`. */
const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");

function serverOf(mechanism: ScramMechanism, given: Partial<ScramServerOptions> = {}): ScramServer {
  const iterations = 4096;
  const salted = saltedPassword(mechanism, "pencil", { salt, iterations });
  const credential = credentialOf(mechanism, salted, { salt, iterations });
  return new ScramServer({
    mechanism,
    account: (name, isToken) =>
      name === "user" && !isToken ? { credential, principal: userPrincipal(name) } : undefined,
    nonce: () => "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    decoySalt: () => Buffer.from("decoy"),
    ...given,
  });
}

function challengeOf(step: SaslStep): string {
  assert.equal(step.kind, "continue");
  return step.kind === "continue" ? step.challenge.toString() : "";
}

const first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";

/** A client that does everything right but for what `change` spoils. */
function answerOf(
  mechanism: ScramMechanism,
  serverFirst: string,
  change: { readonly password?: string; readonly nonce?: string; readonly binding?: string } = {},
): string {
  const [, nonce = "", saltText = "", iterations = ""] =
    /^r=(.*),s=(.*),i=(\d+)$/.exec(serverFirst) ?? [];
  const given = { salt: Buffer.from(saltText, "base64"), iterations: Number(iterations) };
  const salted = saltedPassword(mechanism, change.password ?? "pencil", given);
  const withoutProof = `c=${change.binding ?? "biws"},r=${change.nonce ?? nonce}`;
  const authMessage = `${first.slice(3)},${serverFirst},${withoutProof}`;
  const clientKey = scramHmac(mechanism, salted, "Client Key");
  const signature = scramHmac(mechanism, scramHash(mechanism, clientKey), authMessage);
  const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
  return `${withoutProof},p=${Buffer.from(proof).toString("base64")}`;
}

test("RFC 7677's exchange succeeds byte for byte", () => {
  const server = serverOf(sha256);
  const serverFirst =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  assert.equal(challengeOf(server.evaluate(Buffer.from(first))), serverFirst);
  const final =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  assert.equal(answerOf(sha256, serverFirst), final);
  const step = server.evaluate(Buffer.from(final));
  assert.deepEqual(step, {
    kind: "complete",
    challenge: Buffer.from("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
    principal: userPrincipal("user"),
  });
});

test("SCRAM-SHA-512 succeeds as well", () => {
  const server = serverOf(sha512);
  const serverFirst = challengeOf(server.evaluate(Buffer.from(first)));
  assert.equal(server.evaluate(Buffer.from(answerOf(sha512, serverFirst))).kind, "complete");
});

// CVE-2024-56128: the second nonce was not compared with the first.
test("another nonce, an older one or the client's alone are refused", () => {
  for (const nonce of ["rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "other"]) {
    const server = serverOf(sha256);
    const serverFirst = challengeOf(server.evaluate(Buffer.from(first)));
    const step = server.evaluate(Buffer.from(answerOf(sha256, serverFirst, { nonce })));
    assert.equal(step.kind, "failed", nonce);
  }
});

test("a whole exchange that was overheard is no use", () => {
  const overheard = serverOf(sha256);
  const final = answerOf(sha256, challengeOf(overheard.evaluate(Buffer.from(first))));
  assert.equal(overheard.evaluate(Buffer.from(final)).kind, "complete");
  const again = serverOf(sha256, { nonce: () => "a-fresh-nonce" });
  challengeOf(again.evaluate(Buffer.from(first)));
  assert.equal(again.evaluate(Buffer.from(final)).kind, "failed");
});

test("a wrong password, binding or proof is refused without saying which", () => {
  const finals = [
    (serverFirst: string) => answerOf(sha256, serverFirst, { password: "pen" }),
    (serverFirst: string) => answerOf(sha256, serverFirst, { binding: "eSws" }),
    (serverFirst: string) => answerOf(sha256, serverFirst).replace(/p=.*/, "p=AAAA"),
    () => "v=nonsense",
    () => "",
  ];
  for (const final of finals) {
    const server = serverOf(sha256);
    const serverFirst = challengeOf(server.evaluate(Buffer.from(first)));
    const step = server.evaluate(Buffer.from(final(serverFirst)));
    assert.equal(step.kind, "failed");
    assert.equal(step.kind === "failed" ? step.message : "", undefined);
  }
});

// CVE-2017-12610: a crafted authorization id made one user of another.
test("an authorization id other than the user is refused, the user's own is not", () => {
  const step = serverOf(sha256).evaluate(Buffer.from("n,a=admin,n=user,r=abc"));
  assert.equal(step.kind, "failed");
  assert.equal(serverOf(sha256).evaluate(Buffer.from("n,a=user,n=user,r=abc")).kind, "continue");
});

test("somebody who does not exist is refused as one who does, in the second step", () => {
  const server = serverOf(sha256);
  const serverFirst = challengeOf(server.evaluate(Buffer.from("n,,n=nobody,r=abc")));
  assert.match(serverFirst, /^r=abc.*,s=ZGVjb3k=,i=4096$/);
  assert.equal(server.evaluate(Buffer.from(answerOf(sha256, serverFirst))).kind, "failed");
});

test("names with commas and equals signs are read", () => {
  const names: string[] = [];
  const account = (name: string): undefined => void names.push(name);
  const server = serverOf(sha256, { account });
  server.evaluate(Buffer.from("n,,n=a=2Cb=3Dc,r=abc"));
  assert.deepEqual(names, ["a,b=c"]);
});

test("a token's login is told from a user's", () => {
  const asked: boolean[] = [];
  const account = (_name: string, isToken: boolean): undefined => void asked.push(isToken);
  for (const extension of [",tokenauth=true", ",tokenauth=false", ""]) {
    serverOf(sha256, { account }).evaluate(Buffer.from(`n,,n=id,r=abc${extension}`));
  }
  assert.deepEqual(asked, [true, false, false]);
});

test("what is no first message is refused", () => {
  for (const text of [
    "",
    "p=tls-unique,,n=a,r=b",
    "n,,n=,r=b",
    "n,,n=a",
    "n,,n=a,r=b\0",
    "x".repeat(9999),
  ]) {
    assert.equal(serverOf(sha256).evaluate(Buffer.from(text)).kind, "failed", text.slice(0, 30));
  }
});
