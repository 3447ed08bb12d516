import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { test } from "node:test";

import { NetworkError } from "@millrace/platform";
import { simPlatform } from "@millrace/platform/sim";

import type { OauthbearerConfig } from "../../src/config/security-config.ts";
import { JwtValidator } from "../../src/security/jwt-validator.ts";

const url = "https://issuer.example/keys";

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

function keySet(...keys: readonly (readonly [id: string, key: KeyObject])[]): string {
  const jwks = keys.map(([kid, key]) => {
    return { ...createPublicKey(key).export({ format: "jwk" }), kid, alg: "ES256" };
  });
  return JSON.stringify({ keys: jwks });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

const key = newKey();

/** An issuer behind a simulated network, and a validator that asks it. */
class Given {
  readonly platform = simPlatform({ seed: 1 });
  readonly validator: JwtValidator;
  answer: string | undefined = keySet(["one", key]);
  asked = 0;

  constructor(config: Partial<OauthbearerConfig> = {}) {
    const getText = (): Promise<string> => {
      this.asked += 1;
      if (this.answer !== undefined) return Promise.resolve(this.answer);
      return Promise.reject(new NetworkError("no answer", { systemCode: "ECONNREFUSED" }));
    };
    const { clock, fileSystem, logger } = this.platform;
    this.validator = new JwtValidator(
      {
        jwksUrl: url,
        jwksRefreshMs: 3_600_000,
        jwksRetryMs: 100,
        jwksRetryMaxMs: 10_000,
        connectTimeoutMs: 0,
        readTimeoutMs: 0,
        clockSkewSeconds: 30,
        audiences: ["kafka"],
        issuer: "issuer",
        scopeClaim: "scope",
        subjectClaim: "sub",
        ...config,
      },
      {
        clock,
        fileSystem,
        logger,
        http: { getText },
      },
    );
  }

  token(claims: Readonly<Record<string, unknown>> = {}, keyId = "one", signer = key): string {
    const nowSeconds = Math.floor(this.platform.clock.nowMs() / 1000);
    const usual = { sub: "alice", aud: "kafka", iss: "issuer", exp: nowSeconds + 60 };
    const signed = `${encode({ alg: "ES256", kid: keyId })}.${encode({ ...usual, ...claims })}`;
    const how = { key: signer, dsaEncoding: "ieee-p1363" } as const;
    return `${signed}.${sign("sha256", Buffer.from(signed), how).toString("base64url")}`;
  }

  async judge(token: string): Promise<string> {
    const outcome = await this.validator.validate(token);
    return outcome.ok ? outcome.subject : `refused: ${outcome.reason}`;
  }
}

test("a token of the issuer is its subject's, until it ends and the skew is over", async () => {
  const given = new Given();
  const outcome = await given.validator.validate(given.token());
  assert.ok(outcome.ok);
  const leftMs = outcome.expiresAtMs - given.platform.clock.nowMs();
  assert.ok(leftMs > 89_000 && leftMs <= 90_000, `${leftMs}`);
  const token = given.token();
  await given.platform.clock.advance(85_000);
  assert.equal(await given.judge(token), "alice");
  await given.platform.clock.advance(10_000);
  assert.match(await given.judge(token), /refused: .*EXPIRED/);
});

test("claims that do not fit are refused", async () => {
  const given = new Given();
  const later = Math.floor(given.platform.clock.nowMs() / 1000) + 3600;
  for (const claims of [
    { aud: "another" },
    { iss: "another" },
    { exp: undefined },
    { nbf: later },
    { sub: undefined },
    { sub: " " },
    { sub: 7 },
    { scope: 7 },
  ]) {
    assert.match(await given.judge(given.token(claims)), /^refused/, JSON.stringify(claims));
  }
  const named = new Given({ subjectClaim: "client", scopeClaim: "rights" });
  assert.equal(await named.judge(named.token({ client: "bob", rights: ["a"] })), "bob");
});

test("another's signature, none, or one with a shared secret is refused", async () => {
  const given = new Given();
  assert.match(await given.judge(given.token({}, "one", newKey())), /^refused/);
  const [head = "", claims = ""] = given.token().split(".");
  assert.match(await given.judge(`${encode({ alg: "none" })}.${claims}.`), /^refused/);
  assert.match(await given.judge(`${head}.${claims}.`), /^refused/);
  assert.match(
    await given.judge(`${encode({ alg: "HS256", kid: "one" })}.${claims}.AAAA`),
    /^refused/,
  );
  for (const text of ["", "a", "a.b", "a.b.c", "x".repeat(70_000)]) {
    assert.match(await given.judge(text), /^refused/);
  }
});

test("new keys of the issuer are fetched when a token names one, and not for every stranger", async () => {
  const given = new Given();
  assert.equal(await given.judge(given.token()), "alice");
  const next = newKey();
  given.answer = keySet(["one", key], ["two", next]);
  assert.match(await given.judge(given.token({}, "two", next)), /^refused/);
  await given.platform.clock.advance(11_000);
  assert.equal(await given.judge(given.token({}, "two", next)), "alice");
  for (let count = 0; count < 20; count += 1) await given.judge(given.token({}, "three", next));
  assert.equal(given.asked, 2);
});

test("known keys count while the issuer cannot be asked", async () => {
  const given = new Given({ jwksRefreshMs: 1000 });
  assert.equal(await given.judge(given.token()), "alice");
  given.answer = undefined;
  await given.platform.clock.advance(5000);
  assert.equal(await given.judge(given.token()), "alice");
  assert.equal(await given.judge(given.token()), "alice");
  assert.equal(given.asked, 2);
});

test("without keys nobody is let in", async () => {
  const given = new Given();
  for (const answer of [undefined, "no JSON", "{}", '{"keys":[7]}']) {
    given.answer = answer;
    await given.platform.clock.advance(20_000);
    assert.match(await given.judge(given.token()), /refused: the token cannot be checked now/);
  }
});

test("keys are read from a file that is allowed", async () => {
  const given = new Given({ jwksUrl: "file:///keys/one%20set.json" });
  const { fileSystem } = given.platform;
  fileSystem.makeDirectory("/keys");
  const file = fileSystem.open("/keys/one set.json", "create");
  file.writeSync([Buffer.from(keySet(["one", key]))], 0);
  file.close();
  assert.equal(await given.judge(given.token()), "alice");
  assert.equal(given.asked, 0);
});
