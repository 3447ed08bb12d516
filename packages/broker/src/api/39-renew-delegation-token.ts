import {
  errorCodes,
  RenewDelegationToken,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { principalText } from "../security/principal.ts";
import { tokenRequestFault } from "./delegation-token-requests.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * RenewDelegationToken (key 39), versions 1-2: prolongs a token, by its owner or a renewer, up to
 * its longest life.
 * - A period of 0 or less means `delegation.token.expiry.time.ms`. - v2: flexible.
 */
export const renewDelegationToken: Handler<typeof RenewDelegationToken> = {
  api: RenewDelegationToken,
  versions: "1-2",
  handle,
};

type Response = ResponseInput<typeof RenewDelegationToken>;

async function handle(
  request: RequestOf<typeof RenewDelegationToken>,
  context: RequestContext,
): Promise<Response> {
  const fault = tokenRequestFault(context);
  if (fault !== undefined) return refuse(fault);
  const { services, client } = context;
  const token = services.security.tokens.withHmac(request.hmac);
  if (token === undefined) return refuse(errorCodes.DELEGATION_TOKEN_NOT_FOUND);
  const longestMs = services.config().delegationTokenExpiryTimeMs;
  const { renewPeriodMs } = request;
  const outcome = await services.controller.renewDelegationToken({
    tokenId: token.tokenId,
    principal: principalText(client.principal),
    nowMs: services.clock.nowMs(),
    periodMs: renewPeriodMs > 0 ? Math.min(renewPeriodMs, longestMs) : longestMs,
  });
  if (outcome.kind === "refused") return refuse(errorCodes[outcome.error]);
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, expiryTimestampMs: outcome.value };
}

function refuse(errorCode: number): Response {
  return { throttleTimeMs: 0, errorCode, expiryTimestampMs: -1 };
}
