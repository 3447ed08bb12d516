import { type FileSystem, MillraceError } from "@millrace/platform";
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";

import type { OauthbearerConfig } from "../config/security-config.ts";
import type { TokenOutcome, TokenValidator, ValidatorPlatform } from "./token-validators.ts";

type LocalJWKSetFunction = ReturnType<typeof createLocalJWKSet>;

/** Signatures that only the issuer can make: none with a shared secret, and never "none". */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** A key set has some kilobytes. */
const keySetBytesMax = 1024 * 1024;

/** What `sasl.login.connect.timeout.ms` and `…read.timeout.ms` leave open. */
const timeoutMsDefault = 10_000;

/** A token that names an unknown key has the keys fetched anew at most this often. */
const unknownKeyIntervalMs = 10_000;

/** Tokens have a few kilobytes; more are nobody's. */
const tokenLengthMax = 64 * 1024;

/**
 * Judges JSON Web Tokens by the keys of their issuer: signature, time with the clocks' skew,
 * issuer, audience, subject and scope (KIP-768). The keys come from a file or an address that the
 * configuration allows, and are kept; while they cannot be fetched, those that are known count.
 */
export class JwtValidator implements TokenValidator {
  readonly #config: OauthbearerConfig;
  readonly #platform: ValidatorPlatform;
  #keys: LocalJWKSetFunction | undefined;
  #fetching: Promise<LocalJWKSetFunction> | undefined;
  #fetchedMs = Number.NEGATIVE_INFINITY;
  #nextTryMs = Number.NEGATIVE_INFINITY;
  #failureCount = 0;

  constructor(config: OauthbearerConfig, platform: ValidatorPlatform) {
    this.#config = config;
    this.#platform = platform;
  }

  async validate(token: string): Promise<TokenOutcome> {
    if (token.length > tokenLengthMax) return refused("the token is too long");
    try {
      const outcome = await this.#verify(token, await this.#currentKeys());
      return outcome ?? (await this.#verifyWithNewKeys(token));
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      this.#platform.logger.error("the keys of OAUTHBEARER cannot be had", { error });
      return refused("the token cannot be checked now");
    }
  }

  /** An issuer that has new keys signs with them at once. */
  async #verifyWithNewKeys(token: string): Promise<TokenOutcome> {
    const unknown = refused("no key of the issuer has signed it");
    if (this.#nowMs() - this.#fetchedMs < unknownKeyIntervalMs) return unknown;
    return (await this.#verify(token, await this.#fetchOnce())) ?? unknown;
  }

  /** undefined when no known key fits. */
  async #verify(token: string, keys: LocalJWKSetFunction): Promise<TokenOutcome | undefined> {
    const { audiences, issuer, clockSkewSeconds } = this.#config;
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms,
        clockTolerance: clockSkewSeconds,
        // oxlint-disable-next-line no-restricted-globals -- says a given time, reads no clock.
        currentDate: new Date(this.#platform.clock.nowMs()),
        requiredClaims: ["exp"],
        ...(audiences.length === 0 ? {} : { audience: [...audiences] }),
        ...(issuer === null ? {} : { issuer }),
      });
      return this.#judge(payload);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      if (error instanceof errors.JOSEError) return refused(`the token is refused: ${error.code}`);
      throw error;
    }
  }

  #judge(payload: JWTPayload): TokenOutcome {
    const { scopeClaim, subjectClaim, clockSkewSeconds } = this.#config;
    const subject = payload[subjectClaim];
    if (typeof subject !== "string" || subject.trim() === "") {
      return refused(`the token has no claim ${subjectClaim}`);
    }
    const scope = payload[scopeClaim];
    const isScope =
      scope === undefined ||
      typeof scope === "string" ||
      (Array.isArray(scope) && scope.every((each) => typeof each === "string"));
    if (!isScope) return refused(`the claim ${scopeClaim} is not a scope`);
    const expiresAtMs = ((payload.exp ?? 0) + clockSkewSeconds) * 1000;
    return { ok: true, subject, expiresAtMs };
  }

  async #currentKeys(): Promise<LocalJWKSetFunction> {
    const nowMs = this.#nowMs();
    const keys = this.#keys;
    if (keys === undefined) return this.#fetchOnce();
    const isStale = nowMs - this.#fetchedMs >= this.#config.jwksRefreshMs;
    if (!isStale || nowMs < this.#nextTryMs) return keys;
    try {
      return await this.#fetchOnce();
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      this.#platform.logger.warn("the keys of OAUTHBEARER are not refreshed", { error });
      return keys;
    }
  }

  #fetchOnce(): Promise<LocalJWKSetFunction> {
    if (this.#nowMs() < this.#nextTryMs) {
      return Promise.reject(new KeySetError("the last fetch of the keys failed just now"));
    }
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<LocalJWKSetFunction> {
    const { jwksUrl, jwksRetryMs, jwksRetryMaxMs } = this.#config;
    try {
      const keys = createLocalJWKSet(parseKeySet(await this.#read(jwksUrl), jwksUrl));
      this.#keys = keys;
      this.#fetchedMs = this.#nowMs();
      this.#failureCount = 0;
      return keys;
    } catch (error) {
      const delayMs = Math.min(jwksRetryMs * 2 ** this.#failureCount, jwksRetryMaxMs);
      this.#failureCount += 1;
      this.#nextTryMs = this.#nowMs() + delayMs;
      throw error;
    }
  }

  async #read(url: string): Promise<string> {
    const { fileSystem, http } = this.#platform;
    if (url.startsWith("file:")) return readFile(url, fileSystem);
    const { connectTimeoutMs, readTimeoutMs } = this.#config;
    const timeoutMs = connectTimeoutMs + readTimeoutMs || timeoutMsDefault;
    return http.getText(url, { timeoutMs, bytesMax: keySetBytesMax });
  }

  #nowMs(): number {
    return this.#platform.clock.monotonicMs();
  }
}

/** The issuer's key set cannot be read. */
class KeySetError extends MillraceError {
  readonly code = "KEY_SET_UNREADABLE";
}

function readFile(url: string, fileSystem: FileSystem): string {
  return fileSystem.readFile(decodeURIComponent(new URL(url).pathname)).toString("utf8");
}

function parseKeySet(text: string, url: string): JSONWebKeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new KeySetError(`${url} gives no JSON`, { cause });
  }
  if (!isKeySet(value)) throw new KeySetError(`${url} gives no JSON Web Key Set`);
  return value;
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return (
    typeof value === "object" &&
    value !== null &&
    "keys" in value &&
    Array.isArray(value.keys) &&
    value.keys.every((key) => typeof key === "object" && key !== null)
  );
}

function refused(reason: string): TokenOutcome {
  return { ok: false, reason };
}
