import type { DelegationToken } from "@millrace/metadata";
import {
  DescribeDelegationToken,
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
 * DescribeDelegationToken (key 41), versions 1-3: lists tokens, with what proves them.
 * - null means every owner's, an empty list nobody's. - v2: flexible. - v3: requester.
 */
export const describeDelegationToken: Handler<typeof DescribeDelegationToken> = {
  api: DescribeDelegationToken,
  versions: "1-3",
  handle,
};

type Response = ResponseInput<typeof DescribeDelegationToken>;

function handle(
  request: RequestOf<typeof DescribeDelegationToken>,
  context: RequestContext,
): Response {
  const errorCode = tokenRequestFault(context);
  if (errorCode !== undefined) return { throttleTimeMs: 0, errorCode, tokens: [] };
  const asked = request.owners?.map(({ principalType, principalName }) =>
    principalText({ type: principalType, name: principalName }),
  );
  const owners = asked && new Set(asked);
  const tokens = [...context.image.delegationTokens.values()]
    .filter(({ owner }) => owners?.has(owner) ?? true)
    .filter((token) => isVisible(token, context))
    .map((token) => describe(token, context));
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, tokens };
}

function describe(
  token: DelegationToken,
  { services }: RequestContext,
): Response["tokens"][number] {
  const requester = principalParts(token.requester);
  return {
    ...principalParts(token.owner),
    tokenRequesterPrincipalType: requester.principalType,
    tokenRequesterPrincipalName: requester.principalName,
    issueTimestamp: token.issueTimestamp,
    expiryTimestamp: token.expirationTimestamp,
    maxTimestamp: token.maxTimestamp,
    tokenId: token.tokenId,
    hmac: services.security.tokens.hmacOf(token.tokenId) ?? Buffer.alloc(0),
    renewers: token.renewers.map(principalParts),
  };
}

/** A token is for its owner and its renewers to see, and for whom an entry allows it. */
function isVisible(token: DelegationToken, context: RequestContext): boolean {
  const requester = principalText(context.client.principal);
  const { owner, renewers, tokenId } = token;
  if (owner === requester || renewers.includes(requester)) return true;
  return (
    may(context, "DESCRIBE_TOKENS", "USER", owner) ||
    may(context, "DESCRIBE", "DELEGATION_TOKEN", tokenId)
  );
}
