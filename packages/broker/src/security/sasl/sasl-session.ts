import type { SaslMechanism } from "../../config/security-config.ts";
import { isSamePrincipal, type Principal, principalText } from "../principal.ts";
import type { SaslFailure, SaslServer, SaslSuccess } from "./sasl-server.ts";

/**
 * Where a connection stands:
 * - `begin`: ApiVersions once → `handshake`; SaslHandshake → `tokens`.
 * - `handshake`: SaslHandshake → `tokens`.
 * - `tokens`: SaslAuthenticate (or bare tokens after SaslHandshake 0) until done → `authenticated`.
 * - `authenticated`: anything; SaslHandshake where sessions end → `again` (KIP-368).
 * - `again`: as `tokens`; whoever fails, or turns out to be somebody else, → `failed`.
 * - `failed`: nothing.
 */
export type SaslPhase = "begin" | "handshake" | "tokens" | "authenticated" | "again" | "failed";

/** What a session needs. */
export interface SaslSessionOptions {
  readonly mechanisms: readonly SaslMechanism[];
  readonly createServer: (mechanism: SaslMechanism) => SaslServer;
  /** `connections.max.reauth.ms`; 0 for never. */
  readonly maxReauthMs: (mechanism: SaslMechanism) => number;
  /** Wall-clock milliseconds. */
  readonly nowMs: () => number;
}

/** What came of a SaslHandshake. */
export type HandshakeOutcome = "accepted" | "unsupported-mechanism" | "illegal-state";

/** What came of a token. */
export type TokenOutcome =
  | { readonly kind: "continue"; readonly challenge: Buffer }
  | {
      readonly kind: "authenticated";
      readonly challenge: Buffer;
      readonly principal: Principal;
      /** Milliseconds after which it has to authenticate again; 0 for never. */
      readonly sessionLifetimeMs: number;
    }
  | { readonly kind: "failed"; readonly message: string; readonly reason: string };

/** A client may authenticate again once a second at most, as in Kafka. */
const againMsMin = 1000;

/** A mechanism that has not ended after so many tokens never will. */
const tokensMax = 10;

/**
 * One connection's authentication, without bytes and clocks of its own: what is asked when, what
 * comes of it, and when it ends.
 */
export class SaslSession {
  readonly #options: SaslSessionOptions;
  #phase: SaslPhase = "begin";
  #mechanism: SaslMechanism | undefined;
  #server: SaslServer | undefined;
  #tokenCount = 0;
  #principal: Principal | undefined;
  #endsAtMs: number | undefined;
  #beganMs = 0;

  constructor(options: SaslSessionOptions) {
    this.#options = options;
  }

  get phase(): SaslPhase {
    return this.#phase;
  }

  /** Who it is; undefined until it has authenticated. */
  get principal(): Principal | undefined {
    return this.#principal;
  }

  get mechanism(): SaslMechanism | undefined {
    return this.#mechanism;
  }

  /** Whether the time for which it has authenticated is over. */
  get hasEnded(): boolean {
    return this.#endsAtMs !== undefined && this.#options.nowMs() >= this.#endsAtMs;
  }

  /** Whether a SaslHandshake of a connection that is authenticated begins it anew. */
  get mayBeginAgain(): boolean {
    const isDue = this.#options.nowMs() - this.#beganMs >= againMsMin;
    return this.#phase === "authenticated" && this.#endsAtMs !== undefined && isDue;
  }

  /** ApiVersions before authentication: once. @returns whether it may be answered. */
  askVersions(): boolean {
    if (this.#phase !== "begin") return false;
    this.#phase = "handshake";
    return true;
  }

  /** SaslHandshake: chooses a mechanism. */
  handshake(name: string): HandshakeOutcome {
    const isAgain = this.mayBeginAgain;
    if (this.#phase !== "begin" && this.#phase !== "handshake" && !isAgain) {
      return "illegal-state";
    }
    const mechanism = this.#options.mechanisms.find((each) => each === name);
    // Another mechanism may be another identity: Kafka does not allow it either.
    if (mechanism === undefined || (isAgain && mechanism !== this.#mechanism)) {
      this.#phase = "failed";
      return "unsupported-mechanism";
    }
    this.#mechanism = mechanism;
    this.#server = this.#options.createServer(mechanism);
    this.#tokenCount = 0;
    this.#beganMs = this.#options.nowMs();
    this.#phase = isAgain ? "again" : "tokens";
    return "accepted";
  }

  /** Takes a token of the mechanism that was chosen. */
  async token(bytes: Buffer): Promise<TokenOutcome> {
    const server = this.#server;
    if (server === undefined || (this.#phase !== "tokens" && this.#phase !== "again")) {
      return this.#fail({ kind: "failed", reason: "a token came before a mechanism was chosen" });
    }
    this.#tokenCount += 1;
    if (this.#tokenCount > tokensMax) {
      return this.#fail({ kind: "failed", reason: "the exchange does not end" });
    }
    const step = await server.evaluate(bytes);
    if (step.kind === "continue") return step;
    return step.kind === "failed" ? this.#fail(step) : this.#succeed(step);
  }

  /** What a request that does not belong into this phase costs. */
  fail(): void {
    this.#phase = "failed";
  }

  #succeed({ challenge, principal, expiresAtMs }: SaslSuccess): TokenOutcome {
    const before = this.#principal;
    if (before !== undefined && !isSamePrincipal(before, principal)) {
      const change = `from ${principalText(before)} to ${principalText(principal)}`;
      const reason = `Cannot change principals during re-authentication ${change}`;
      return this.#fail({ kind: "failed", message: reason, reason });
    }
    const sessionLifetimeMs = this.#lifetimeMs(expiresAtMs);
    if (sessionLifetimeMs < 0) {
      return this.#fail({ kind: "failed", reason: "what it has shown has expired" });
    }
    this.#principal = principal;
    this.#server = undefined;
    this.#phase = "authenticated";
    this.#endsAtMs =
      sessionLifetimeMs === 0 ? undefined : this.#options.nowMs() + sessionLifetimeMs;
    return { kind: "authenticated", challenge, principal, sessionLifetimeMs };
  }

  /** The shorter of what the configuration and the credential allow; negative when it is over. */
  #lifetimeMs(expiresAtMs: number | undefined): number {
    const mechanism = this.#mechanism;
    const maxMs = mechanism === undefined ? 0 : this.#options.maxReauthMs(mechanism);
    if (expiresAtMs === undefined) return maxMs;
    const leftMs = expiresAtMs - this.#options.nowMs();
    if (leftMs <= 0) return -1;
    return maxMs > 0 ? Math.min(maxMs, leftMs) : leftMs;
  }

  #fail({ message, reason }: SaslFailure): TokenOutcome {
    const text = this.#principal === undefined ? "authentication" : "re-authentication";
    const mechanism = this.#mechanism ?? "none";
    const general = `Authentication failed during ${text} due to invalid credentials with SASL mechanism ${mechanism}`;
    this.#phase = "failed";
    this.#server = undefined;
    return { kind: "failed", message: message ?? general, reason };
  }
}
