import { errorCodes, type ResponseInput, SaslHandshake } from "@millrace/protocol";

import type { Handler } from "./handler.ts";

/**
 * SaslHandshake (key 17), versions 0-1: chooses a SASL mechanism.
 * - Where clients authenticate, security/sasl/ takes it before it comes here: what comes here is
 *   out
 *   of place, on a listener without SASL or after authentication, and is answered so.
 */
export const saslHandshake: Handler<typeof SaslHandshake> = {
  api: SaslHandshake,
  versions: "0-1",
  handle,
};

function handle(): ResponseInput<typeof SaslHandshake> {
  return { errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] };
}
