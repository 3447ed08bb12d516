import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";

import { emptyImage } from "@millrace/metadata";
import { type HttpLimits, NetworkError } from "@millrace/platform";
import { simPlatform } from "@millrace/platform/sim";

import { BrokerSecurity } from "../../src/security/broker-security.ts";
import { JwtValidator } from "../../src/security/jwt-validator.ts";
import { brokerConfigOf, type Settings } from "./given.ts";

// Each configuration of SASL as it is written, and whom it lets in.

const url = "https://issuer.example/keys";
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const keySet = JSON.stringify({
  keys: [{ ...createPublicKey(privateKey).export({ format: "jwk" }), kid: "one", alg: "ES256" }],
});

const listener = {
  listeners: "OPEN://localhost:9092",
  "inter.broker.listener.name": "OPEN",
  "listener.security.protocol.map": "OPEN:SASL_PLAINTEXT",
};

/** A broker's judgement of tokens, and the issuer that it asks. */
class Bearer {
  readonly platform = simPlatform({ seed: 1 });
  readonly validator: JwtValidator;
  isIssuerUp = true;
  asked = 0;
  limits: HttpLimits | undefined;

  constructor(settings: Settings) {
    const { listeners } = brokerConfigOf({
      ...listener,
      "sasl.enabled.mechanisms": "OAUTHBEARER",
      "sasl.oauthbearer.jwks.endpoint.url": url,
      "millrace.sasl.oauthbearer.allowed.urls": url,
      ...settings,
    });
    const oauthbearer = listeners[0]?.sasl?.oauthbearer;
    assert.ok(oauthbearer !== undefined);
    const getText = (_url: string, limits: HttpLimits): Promise<string> => {
      this.asked += 1;
      this.limits = limits;
      if (this.isIssuerUp) return Promise.resolve(keySet);
      return Promise.reject(new NetworkError("no answer", { systemCode: "ECONNREFUSED" }));
    };
    const { clock, fileSystem, network, random, offload, logger, logLevels, metrics } =
      this.platform;
    const others = { clock, fileSystem, network, random, offload, logger, logLevels, metrics };
    this.validator = new JwtValidator(oauthbearer, { ...others, http: { getText } });
  }

  token(claims: Readonly<Record<string, unknown>> = {}): string {
    const nowSeconds = Math.floor(this.platform.clock.nowMs() / 1000);
    const usual = { sub: "alice", aud: "kafka", iss: "issuer", exp: nowSeconds + 60 };
    const parts = [
      { alg: "ES256", kid: "one" },
      { ...usual, ...claims },
    ];
    const signed = parts
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const how = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${signed}.${sign("sha256", Buffer.from(signed), how).toString("base64url")}`;
  }

  /** Whose a token is; undefined when it is refused. */
  async subject(claims: Readonly<Record<string, unknown>> = {}): Promise<string | undefined> {
    const outcome = await this.validator.validate(this.token(claims));
    return outcome.ok ? outcome.subject : undefined;
  }

  async pass(ms: number): Promise<void> {
    await this.platform.clock.advance(ms);
  }
}

test("sasl.oauthbearer.expected.issuer and expected.audience refuse tokens for others", async () => {
  const any = new Bearer({});
  assert.equal(await any.subject({ iss: "another", aud: "another" }), "alice");
  const issuer = new Bearer({ "sasl.oauthbearer.expected.issuer": "issuer" });
  assert.equal(await issuer.subject(), "alice");
  assert.equal(await issuer.subject({ iss: "another" }), undefined);
  const audience = new Bearer({ "sasl.oauthbearer.expected.audience": "kafka,mill" });
  assert.equal(await audience.subject({ aud: "mill" }), "alice");
  assert.equal(await audience.subject({ aud: "another" }), undefined);
});

test("sasl.oauthbearer.clock.skew.seconds is how long a token that ended still counts", async () => {
  for (const [skew, subject] of [
    ["100", "alice"],
    ["10", undefined],
  ] as const) {
    const given = new Bearer({ "sasl.oauthbearer.clock.skew.seconds": skew });
    const exp = Math.floor(given.platform.clock.nowMs() / 1000) - 50;
    assert.equal(await given.subject({ exp }), subject, skew);
  }
});

test("sasl.oauthbearer.sub.claim.name and scope.claim.name say where to look", async () => {
  const subject = new Bearer({ "sasl.oauthbearer.sub.claim.name": "client" });
  assert.equal(await subject.subject({ client: "bob" }), "bob");
  assert.equal(await subject.subject(), undefined);
  const scope = new Bearer({ "sasl.oauthbearer.scope.claim.name": "rights" });
  assert.equal(await scope.subject({ scope: 7 }), "alice");
  assert.equal(await scope.subject({ rights: 7 }), undefined);
});

test("sasl.oauthbearer.jwks.endpoint.refresh.ms is how long known keys count", async () => {
  const given = new Bearer({ "sasl.oauthbearer.jwks.endpoint.refresh.ms": "20000" });
  await given.subject();
  await given.pass(19_000);
  await given.subject();
  assert.equal(given.asked, 1);
  await given.pass(2000);
  await given.subject();
  assert.equal(given.asked, 2);
});

test("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms doubles up to retry.backoff.max.ms", async () => {
  const given = new Bearer({
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms": "1000",
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms": "3000",
  });
  given.isIssuerUp = false;
  const askedAt: number[] = [];
  for (let ms = 0; ms < 9000; ms += 500) {
    const before = given.asked;
    await given.subject();
    if (given.asked > before) askedAt.push(ms);
    await given.pass(500);
  }
  assert.deepEqual(askedAt, [0, 1000, 3000, 6000]);
});

test("sasl.login.connect.timeout.ms and read.timeout.ms bound a fetch of keys", async () => {
  const given = new Bearer({
    "sasl.login.connect.timeout.ms": "700",
    "sasl.login.read.timeout.ms": "1300",
  });
  await given.subject();
  assert.equal(given.limits?.timeoutMs, 2000);
});

test("millrace.sasl.users.file names who has a password, and is read again when it changes", async () => {
  const platform = simPlatform({ seed: 1 });
  const config = brokerConfigOf({
    ...listener,
    "sasl.enabled.mechanisms": "PLAIN",
    "millrace.sasl.users.file": "/users",
  });
  const write = (text: string): void => {
    const file = platform.fileSystem.open("/users", "create");
    file.writeSync([Buffer.from(text)], 0);
    file.close();
  };
  const security = new BrokerSecurity({
    platform,
    config: () => config,
    image: () => emptyImage,
  });
  const sasl = config.listeners[0]?.sasl;
  assert.ok(sasl !== undefined);
  const logIn = async (text: string): Promise<string> =>
    (await security.serverOf("PLAIN", sasl).evaluate(Buffer.from(text))).kind;
  write("alice=wonder\n");
  assert.equal(await logIn("\0alice\0wonder"), "complete");
  assert.equal(await logIn("\0bob\0builder"), "failed");
  platform.fileSystem.removeFile("/users");
  await platform.clock.advance(1000);
  write("bob=builder\n# nobody else\n");
  assert.equal(await logIn("\0alice\0wonder"), "failed");
  assert.equal(await logIn("\0bob\0builder"), "complete");
});
