import {
  CreateDelegationToken,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { principalText } from "../security/principal.ts";
import { principalParts, tokenRequestFault } from "./delegation-token-requests.ts";
import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * CreateDelegationToken (key 38), versions 1-3: makes a token with which its owner can log in by
 * SCRAM.
 * - Refused over connections that are open to everybody or were made with a token.
 * - v2: flexible. - v3: a token for somebody else.
 */
export const createDelegationToken: Handler<typeof CreateDelegationToken> = {
  api: CreateDelegationToken,
  versions: "1-3",
  handle,
};

type Request = RequestOf<typeof CreateDelegationToken>;
type Response = ResponseInput<typeof CreateDelegationToken>;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const { services, client } = context;
  const requester = principalText(client.principal);
  const owner = ownerOf(request) ?? requester;
  const fault = tokenRequestFault(context);
  if (fault !== undefined) return refuse(fault, owner, requester);
  if (owner !== requester && !may(context, "CREATE_TOKENS", "USER", owner)) {
    return refuse(errorCodes.DELEGATION_TOKEN_AUTHORIZATION_FAILED, owner, requester);
  }
  const { delegationTokenMaxLifetimeMs, delegationTokenExpiryTimeMs } = services.config();
  const maxLifetimeMs =
    request.maxLifetimeMs > 0
      ? Math.min(request.maxLifetimeMs, delegationTokenMaxLifetimeMs)
      : delegationTokenMaxLifetimeMs;
  const outcome = await services.controller.createDelegationToken({
    owner,
    requester,
    renewers: request.renewers.map(({ principalType, principalName }) =>
      principalText({ type: principalType, name: principalName }),
    ),
    nowMs: services.clock.nowMs(),
    maxLifetimeMs,
    renewLifetimeMs: delegationTokenExpiryTimeMs,
  });
  if (outcome.kind === "refused") return refuse(errorCodes[outcome.error], owner, requester);
  const token = outcome.value;
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    ...names(owner, requester),
    issueTimestampMs: token.issueTimestamp,
    expiryTimestampMs: token.expirationTimestamp,
    maxTimestampMs: token.maxTimestamp,
    tokenId: token.tokenId,
    hmac: services.security.tokens.hmacOf(token.tokenId) ?? Buffer.alloc(0),
  };
}

function ownerOf(request: Request): string | undefined {
  const { ownerPrincipalType: type, ownerPrincipalName: name } = request;
  if (type === null || name === null || type === "" || name === "") return undefined;
  return principalText({ type, name });
}

function names(owner: string, requester: string) {
  const asker = principalParts(requester);
  return {
    ...principalParts(owner),
    tokenRequesterPrincipalType: asker.principalType,
    tokenRequesterPrincipalName: asker.principalName,
  };
}

function refuse(errorCode: number, owner: string, requester: string): Response {
  return {
    throttleTimeMs: 0,
    errorCode,
    ...names(owner, requester),
    issueTimestampMs: -1,
    expiryTimestampMs: -1,
    maxTimestampMs: -1,
    tokenId: "",
    hmac: Buffer.alloc(0),
  };
}
