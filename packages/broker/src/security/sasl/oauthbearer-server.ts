import { userPrincipal } from "../principal.ts";
import type { TokenValidator } from "../token-validators.ts";
import { failedWith, type SaslServer, type SaslStep } from "./sasl-server.ts";

/** RFC 5801: no channel binding, perhaps an authorization id. */
const GS2_HEADER = /^n,(?:a=((?:[^=,\0]|=2C|=3D)+))?,$/;

/** RFC 7628 §3.1: what stands between the parts of a message, and alone acknowledges a refusal. */
const CONTROL_A = "\u0001";

const BEARER = /^auth=\s*Bearer +([A-Za-z0-9._~+/=-]+)\s*$/i;

/**
 * OAUTHBEARER (RFC 7628, KIP-255): one message with a token. A token that is refused is answered
 * with a status first, and with the failure when the client has acknowledged that.
 */
export class OauthbearerServer implements SaslServer {
  readonly #validator: TokenValidator;
  #refusal: string | undefined;

  constructor(validator: TokenValidator) {
    this.#validator = validator;
  }

  evaluate(token: Buffer): SaslStep | Promise<SaslStep> {
    if (this.#refusal !== undefined) {
      const isAcknowledged = token.toString("latin1") === CONTROL_A;
      return failedWith(isAcknowledged ? this.#refusal : "Invalid OAUTHBEARER client message");
    }
    // The header, the pairs, and two empty parts: the last pair's end and the message's.
    const [header = "", ...parts] = token.toString("utf8").split(CONTROL_A);
    const isWhole = parts.length >= 2 && parts.slice(-2).every((part) => part === "");
    const [isHeader, authorizationId] = GS2_HEADER.exec(header) ?? [];
    const bearer = parts.map((part) => BEARER.exec(part)?.[1]).find((each) => each !== undefined);
    if (!isWhole || isHeader === undefined || bearer === undefined) {
      return failedWith("Invalid OAUTHBEARER client first message");
    }
    const name = authorizationId?.replaceAll("=2C", ",").replaceAll("=3D", "=");
    return this.#validate(bearer, name);
  }

  async #validate(bearer: string, authorizationId: string | undefined): Promise<SaslStep> {
    const outcome = await this.#validator.validate(bearer);
    if (!outcome.ok) {
      this.#refusal = outcome.reason;
      const challenge = Buffer.from(JSON.stringify({ status: "invalid_token" }));
      return { kind: "continue", challenge };
    }
    const { subject, expiresAtMs } = outcome;
    if (authorizationId !== undefined && authorizationId !== subject) {
      return failedWith(
        "Authentication failed: Client requested an authorization id that is different from the token's principal name",
      );
    }
    const principal = userPrincipal(subject);
    return { kind: "complete", challenge: Buffer.alloc(0), principal, expiresAtMs };
  }
}
