import {
  errorCodes,
  ExpireDelegationToken,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { principalText } from "../security/principal.ts";
import { tokenRequestFault } from "./delegation-token-requests.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ExpireDelegationToken (key 40), versions 1-2: sets a token's end, by its owner or a renewer.
 * - A negative period ends it at once. - v2: flexible.
 */
export const expireDelegationToken: Handler<typeof ExpireDelegationToken> = {
  api: ExpireDelegationToken,
  versions: "1-2",
  handle,
};

type Response = ResponseInput<typeof ExpireDelegationToken>;

async function handle(
  request: RequestOf<typeof ExpireDelegationToken>,
  context: RequestContext,
): Promise<Response> {
  const fault = tokenRequestFault(context);
  if (fault !== undefined) return refuse(fault);
  const { services, client } = context;
  const token = services.security.tokens.withHmac(request.hmac);
  if (token === undefined) return refuse(errorCodes.DELEGATION_TOKEN_NOT_FOUND);
  const outcome = await services.controller.expireDelegationToken({
    tokenId: token.tokenId,
    principal: principalText(client.principal),
    nowMs: services.clock.nowMs(),
    periodMs: request.expiryTimePeriodMs,
  });
  if (outcome.kind === "refused") return refuse(errorCodes[outcome.error]);
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, expiryTimestampMs: outcome.value };
}

function refuse(errorCode: number): Response {
  return { throttleTimeMs: 0, errorCode, expiryTimestampMs: -1 };
}
