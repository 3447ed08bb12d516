import type { ErrorName } from "@millrace/protocol";

import type { DelegationToken } from "../image/kept-records.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided, refusedDecision } from "./decision.ts";
import type {
  ChangeDelegationTokenInput,
  CreateDelegationTokenInput,
  ExpireDelegationTokenInput,
} from "./requests.ts";
import { freshUuid } from "./uuids.ts";

/** Decides CreateDelegationToken; the value is the token. */
export function decideCreateDelegationToken(
  context: DecisionContext,
  input: CreateDelegationTokenInput,
): Decision<DelegationToken> {
  if (!metadataFormatOf(context.image.features.metadataVersion).hasDelegationTokens) {
    const message = "The current metadata version does not support delegation tokens.";
    return refusedDecision("UNSUPPORTED_VERSION", message);
  }
  if (input.renewers.some((renewer) => !renewer.startsWith("User:"))) {
    return refusedDecision("INVALID_PRINCIPAL_TYPE", "Renewers must be of the type User.");
  }
  const { owner, requester, renewers, nowMs, maxLifetimeMs, renewLifetimeMs } = input;
  const maxTimestamp = nowMs + maxLifetimeMs;
  const token: DelegationToken = {
    owner,
    requester,
    renewers,
    issueTimestamp: nowMs,
    maxTimestamp,
    expirationTimestamp: Math.min(maxTimestamp, nowMs + renewLifetimeMs),
    tokenId: freshUuid(context.random),
  };
  return decided([tokenRecord(token)], token);
}

/** Decides RenewDelegationToken; the value is when it ends now. */
export function decideRenewDelegationToken(
  context: DecisionContext,
  input: ChangeDelegationTokenInput,
): Decision<number> {
  const token = context.image.delegationTokens.get(input.tokenId);
  if (token === undefined) return notFound();
  const fault = expiryFault(token, input) ?? ownerFault(token, input);
  if (fault !== undefined) return refusedDecision(fault.error, fault.message);
  return prolong(token, input.nowMs + input.periodMs);
}

/** Decides ExpireDelegationToken; the value is when it ends. A negative period ends it now. */
export function decideExpireDelegationToken(
  context: DecisionContext,
  input: ExpireDelegationTokenInput,
): Decision<number> {
  const token = context.image.delegationTokens.get(input.tokenId);
  if (token === undefined) return notFound();
  const fault = ownerFault(token, input);
  if (fault !== undefined) return refusedDecision(fault.error, fault.message);
  if (input.periodMs < 0) return decided([removal(token)], input.nowMs);
  const expired = expiryFault(token, input);
  if (expired !== undefined) return refusedDecision(expired.error, expired.message);
  return prolong(token, input.nowMs + input.periodMs);
}

/** Decides what no request asks for: tokens that have ended go. */
export function decideRemoveExpiredTokens(
  context: DecisionContext,
  nowMs: number,
): Decision<number> {
  const records = [...context.image.delegationTokens.values()]
    .filter((token) => hasExpired(token, nowMs))
    .map(removal);
  return decided(records, records.length);
}

function prolong(token: DelegationToken, untilMs: number): Decision<number> {
  const expirationTimestamp = Math.min(token.maxTimestamp, untilMs);
  return decided([tokenRecord({ ...token, expirationTimestamp })], expirationTimestamp);
}

function tokenRecord(token: DelegationToken): MetadataRecord {
  return { type: "DelegationTokenRecord", version: 0, data: token };
}

function removal({ tokenId }: DelegationToken): MetadataRecord {
  return { type: "RemoveDelegationTokenRecord", version: 0, data: { tokenId } };
}

function hasExpired(token: DelegationToken, nowMs: number): boolean {
  return token.maxTimestamp < nowMs || token.expirationTimestamp < nowMs;
}

interface Fault {
  readonly error: ErrorName;
  readonly message: string;
}

function expiryFault(
  token: DelegationToken,
  { nowMs }: { readonly nowMs: number },
): Fault | undefined {
  if (!hasExpired(token, nowMs)) return undefined;
  return { error: "DELEGATION_TOKEN_EXPIRED", message: "The delegation token has expired." };
}

function ownerFault(
  token: DelegationToken,
  { principal }: { readonly principal: string },
): Fault | undefined {
  if (token.owner === principal || token.renewers.includes(principal)) return undefined;
  const message = "The principal is neither the token's owner nor one of its renewers.";
  return { error: "DELEGATION_TOKEN_OWNER_MISMATCH", message };
}

function notFound(): Decision<never> {
  return refusedDecision("DELEGATION_TOKEN_NOT_FOUND", "There is no such delegation token.");
}
