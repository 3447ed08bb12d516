import { createHmac } from "node:crypto";

import type { ClusterImage, DelegationToken } from "@millrace/metadata";
import type { Clock, Random } from "@millrace/platform";

import { parsePrincipal } from "./principal.ts";
import type { ScramAccount } from "./sasl/scram-server.ts";
import {
  credentialOf,
  saltedPassword,
  saltOf,
  type ScramCredential,
  scramIterations,
  type ScramMechanism,
} from "./scram-credential.ts";
import { isSameSecret } from "./secret-equality.ts";

/** What tokens are judged with. */
export interface DelegationTokensOptions {
  /** `delegation.token.secret.key`; null when tokens are not used. */
  readonly secretKey: () => string | null;
  readonly image: () => ClusterImage;
  readonly clock: Clock;
  readonly random: Random;
}

/** Credentials kept of tokens in use: each costs milliseconds to compute. */
const credentialCountMax = 1000;

const saltBytes = 26;

/**
 * The delegation tokens of the metadata (KIP-48). The metadata holds no secret of a token: what
 * proves it follows from its id and `delegation.token.secret.key`, which all brokers share.
 */
export class DelegationTokens {
  readonly #options: DelegationTokensOptions;
  readonly #credentials = new Map<string, ScramCredential>();

  constructor(options: DelegationTokensOptions) {
    this.#options = options;
  }

  /** Whether tokens are used at all. */
  get areEnabled(): boolean {
    return this.#options.secretKey() !== null;
  }

  /** What proves a token; undefined when tokens are not used. Secret. */
  hmacOf(tokenId: string): Buffer | undefined {
    const secretKey = this.#options.secretKey();
    if (secretKey === null) return undefined;
    return createHmac("sha512", secretKey).update(tokenId).digest();
  }

  /** The token that a proof belongs to. */
  withHmac(hmac: Uint8Array): DelegationToken | undefined {
    for (const token of this.#options.image().delegationTokens.values()) {
      const own = this.hmacOf(token.tokenId);
      if (own !== undefined && isSameSecret(own, hmac)) return token;
    }
    return undefined;
  }

  /** Who logs in with a token by SCRAM: its owner, until it ends. */
  account(mechanism: ScramMechanism, tokenId: string): ScramAccount | undefined {
    const token = this.#options.image().delegationTokens.get(tokenId);
    const hmac = this.hmacOf(tokenId);
    if (token === undefined || hmac === undefined) return undefined;
    const owner = parsePrincipal(token.owner);
    const expiresAtMs = Math.min(token.expirationTimestamp, token.maxTimestamp);
    if (owner === undefined || expiresAtMs <= this.#options.clock.nowMs()) return undefined;
    return {
      credential: this.#credentialOf(mechanism, tokenId, hmac),
      principal: { ...owner, isTokenAuthenticated: true },
      expiresAtMs,
    };
  }

  #credentialOf(mechanism: ScramMechanism, tokenId: string, hmac: Buffer): ScramCredential {
    const key = `${mechanism.name} ${hmac.toString("base64")} ${tokenId}`;
    const known = this.#credentials.get(key);
    if (known !== undefined) return known;
    const salt = saltOf(this.#options.random.bytes(saltBytes));
    const given = { salt, iterations: scramIterations.min };
    const salted = saltedPassword(mechanism, hmac.toString("base64"), given);
    const credential = credentialOf(mechanism, salted, given);
    if (this.#credentials.size >= credentialCountMax) this.#credentials.clear();
    this.#credentials.set(key, credential);
    return credential;
  }
}
