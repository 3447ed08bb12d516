import assert from "node:assert/strict";
import { test } from "node:test";

import {
  CreateDelegationToken,
  DescribeDelegationToken,
  errorName,
  ExpireDelegationToken,
  RenewDelegationToken,
} from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

const config = {
  "delegation.token.secret.key": "secret-of-all",
  "delegation.token.max.lifetime.ms": "100000",
  "delegation.token.expiry.time.ms": "40000",
  "delegation.token.expiry.check.interval.ms": "1000",
};

async function start(): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start({ config });
  fixture.comeBy("SASL_SSL");
  fixture.actAs("alice");
  return fixture;
}

const renewers = [{ principalType: "User", principalName: "carol" }];

async function create(fixture: BrokerFixture, maxLifetimeMs = -1) {
  const body = { ownerPrincipalType: null, ownerPrincipalName: null, renewers, maxLifetimeMs };
  return fixture.request(CreateDelegationToken, 3, body);
}

async function describe(fixture: BrokerFixture, owner: string | null) {
  const owners = owner === null ? null : [{ principalType: "User", principalName: owner }];
  return fixture.request(DescribeDelegationToken, 3, { owners });
}

test("a token is made for who asks, described, renewed and ended", async () => {
  await using fixture = await start();
  const token = await create(fixture);
  assert.equal(errorName(token.errorCode), "NONE");
  assert.deepEqual([token.principalName, token.tokenRequesterPrincipalName], ["alice", "alice"]);
  assert.equal(token.expiryTimestampMs - token.issueTimestampMs, 40_000);
  assert.equal(token.maxTimestampMs - token.issueTimestampMs, 100_000);
  assert.equal(token.hmac.length, 64);
  const [described] = (await describe(fixture, "alice")).tokens;
  assert.deepEqual([described?.tokenId, described?.renewers], [token.tokenId, renewers]);
  assert.ok(described?.hmac.equals(token.hmac));
  assert.equal((await describe(fixture, "bob")).tokens.length, 0);
  fixture.actAs("carol");
  const { hmac } = token;
  const renewed = await fixture.request(RenewDelegationToken, 2, { hmac, renewPeriodMs: 1000 });
  assert.equal(errorName(renewed.errorCode), "NONE");
  assert.ok(renewed.expiryTimestampMs < token.expiryTimestampMs);
  const ended = await fixture.request(ExpireDelegationToken, 2, { hmac, expiryTimePeriodMs: -1 });
  assert.equal(errorName(ended.errorCode), "NONE");
  assert.equal((await describe(fixture, null)).tokens.length, 0);
});

test("a token that has ended is swept away", async () => {
  await using fixture = await start();
  await create(fixture, 5000);
  assert.equal((await describe(fixture, null)).tokens.length, 1);
  await fixture.platform.clock.advance(10_000);
  assert.equal((await describe(fixture, null)).tokens.length, 0);
});

test("a proof that nobody gave is no token's", async () => {
  await using fixture = await start();
  await create(fixture);
  const hmac = Buffer.alloc(64);
  const renewed = await fixture.request(RenewDelegationToken, 2, { hmac, renewPeriodMs: 1 });
  assert.equal(errorName(renewed.errorCode), "DELEGATION_TOKEN_NOT_FOUND");
  const ended = await fixture.request(ExpireDelegationToken, 2, { hmac, expiryTimePeriodMs: 1 });
  assert.equal(errorName(ended.errorCode), "DELEGATION_TOKEN_NOT_FOUND");
});

// KIP-48: "Delegation tokens … cannot be requested over … channels" that are open to everybody, or
// with another token.
test("tokens are not spoken of over open connections, nor with a token", async () => {
  await using fixture = await start();
  const refused = "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED";
  fixture.actAs("alice", true);
  assert.equal(errorName((await create(fixture)).errorCode), refused);
  assert.equal(errorName((await describe(fixture, null)).errorCode), refused);
  for (const protocol of ["PLAINTEXT", "SSL"] as const) {
    fixture.comeBy(protocol);
    assert.equal(errorName((await create(fixture)).errorCode), refused, protocol);
  }
  fixture.actAs("alice");
  assert.equal(errorName((await create(fixture)).errorCode), "NONE");
});

test("without a secret key there are no tokens", async () => {
  await using fixture = await BrokerFixture.start();
  fixture.comeBy("SASL_SSL");
  fixture.actAs("alice");
  assert.equal(errorName((await create(fixture)).errorCode), "DELEGATION_TOKEN_AUTH_DISABLED");
});
