import { errorCodes, type ResponseInput, SaslAuthenticate } from "@millrace/protocol";

import type { Handler } from "./handler.ts";

/**
 * SaslAuthenticate (key 36), versions 0-2: exchanges the tokens of a SASL mechanism.
 * - As SaslHandshake: what comes here is out of place.
 * - v1: session lifetime (KIP-368). - v2: flexible.
 */
export const saslAuthenticate: Handler<typeof SaslAuthenticate> = {
  api: SaslAuthenticate,
  versions: "0-2",
  handle,
};

function handle(): ResponseInput<typeof SaslAuthenticate> {
  return {
    errorCode: errorCodes.ILLEGAL_SASL_STATE,
    errorMessage: "SaslAuthenticate request received after successful authentication",
    authBytes: Buffer.alloc(0),
  };
}
