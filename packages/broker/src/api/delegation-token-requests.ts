import { errorCodes } from "@millrace/protocol";

import { anonymous, isSamePrincipal } from "../security/principal.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Why a connection may not speak of tokens: it is open to everybody, nobody knows who it is, or it
 * has itself shown a token (KIP-48); undefined when it may.
 */
export function tokenRequestFault(context: RequestContext): number | undefined {
  const { principal, securityProtocol } = context.client;
  const isNobody = securityProtocol === "SSL" && isSamePrincipal(principal, anonymous);
  if (principal.isTokenAuthenticated || securityProtocol === "PLAINTEXT" || isNobody) {
    return errorCodes.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
  }
  const { tokens } = context.services.security;
  return tokens.areEnabled ? undefined : errorCodes.DELEGATION_TOKEN_AUTH_DISABLED;
}

/** A type and a name as requests have them. */
export function principalParts(text: string): {
  readonly principalType: string;
  readonly principalName: string;
} {
  const separator = text.indexOf(":");
  return {
    principalType: text.slice(0, Math.max(separator, 0)),
    principalName: text.slice(separator + 1),
  };
}
