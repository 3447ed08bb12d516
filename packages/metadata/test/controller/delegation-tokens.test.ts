import assert from "node:assert/strict";
import { test } from "node:test";

import {
  decideCreateDelegationToken,
  decideExpireDelegationToken,
  decideRemoveExpiredTokens,
  decideRenewDelegationToken,
} from "../../src/controller/delegation-tokens.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { brokerOf, clusterOf, contextOf, decideOn } from "../support/decisions.ts";

const alice = "User:alice";
const asked = {
  owner: alice,
  requester: alice,
  renewers: ["User:carol"],
  nowMs: 1000,
  maxLifetimeMs: 10_000,
  renewLifetimeMs: 4000,
};

function created() {
  return decideOn(clusterOf(brokerOf(1)), (context) => decideCreateDelegationToken(context, asked));
}

function renew(
  image: ClusterImage,
  tokenId: string,
  principal = alice,
  [nowMs, periodMs]: readonly [number, number] = [2000, 3000],
) {
  const input = { tokenId, principal, nowMs, periodMs };
  const { answer } = decideRenewDelegationToken(contextOf(image), input);
  return answer.kind === "refused" ? answer.error : answer.value;
}

function expire(
  image: ClusterImage,
  tokenId: string,
  principal = alice,
  [nowMs, periodMs]: readonly [number, number] = [2000, -1],
) {
  const input = { tokenId, principal, nowMs, periodMs };
  const { answer, records } = decideExpireDelegationToken(contextOf(image), input);
  const kinds = records.map(({ type }) => type);
  return answer.kind === "refused" ? answer.error : [answer.value, ...kinds];
}

test("a token ends when it is not renewed, and at its longest life", () => {
  const { value, image } = created();
  assert.deepEqual([value.expirationTimestamp, value.maxTimestamp], [5000, 11_000]);
  assert.deepEqual(image.delegationTokens.get(value.tokenId), value);
  assert.equal(renew(image, value.tokenId), 5000);
  assert.equal(renew(image, value.tokenId, alice, [4000, 4000]), 8000);
  assert.equal(renew(image, value.tokenId, alice, [4000, 40_000]), 11_000);
});

test("its owner and its renewers may change it, nobody else", () => {
  const { value, image } = created();
  assert.equal(renew(image, value.tokenId, "User:carol"), 5000);
  assert.equal(renew(image, value.tokenId, "User:mallory"), "DELEGATION_TOKEN_OWNER_MISMATCH");
  assert.equal(expire(image, value.tokenId, "User:mallory"), "DELEGATION_TOKEN_OWNER_MISMATCH");
  assert.equal(renew(image, "another"), "DELEGATION_TOKEN_NOT_FOUND");
  assert.equal(expire(image, "another"), "DELEGATION_TOKEN_NOT_FOUND");
});

test("a negative period ends it at once, another one sooner or later", () => {
  const { value, image } = created();
  assert.deepEqual(expire(image, value.tokenId), [2000, "RemoveDelegationTokenRecord"]);
  const later = expire(image, value.tokenId, alice, [2000, 500]);
  assert.deepEqual(later, [2500, "DelegationTokenRecord"]);
});

test("one that has ended is not brought back, and is removed in time", () => {
  const { value, image } = created();
  assert.equal(renew(image, value.tokenId, alice, [5001, 3000]), "DELEGATION_TOKEN_EXPIRED");
  assert.equal(expire(image, value.tokenId, alice, [5001, 500]), "DELEGATION_TOKEN_EXPIRED");
  const sweep = (nowMs: number) =>
    decideOn(image, (context) => decideRemoveExpiredTokens(context, nowMs));
  assert.equal(sweep(5000).value, 0);
  assert.equal(sweep(5001).image.delegationTokens.size, 0);
});

test("renewers are users, and an old metadata.version has no tokens", () => {
  const odd = { ...asked, renewers: ["Group:a"] };
  const context = contextOf(clusterOf(brokerOf(1)));
  const refused = decideCreateDelegationToken(context, odd).answer;
  assert.equal(refused.kind === "refused" && refused.error, "INVALID_PRINCIPAL_TYPE");
  const old = decideCreateDelegationToken(contextOf(emptyImage), asked).answer;
  assert.equal(old.kind === "refused" && old.error, "UNSUPPORTED_VERSION");
});
