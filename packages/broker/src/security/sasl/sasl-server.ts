import type { Principal } from "../principal.ts";

/** The broker's side of one exchange of a SASL mechanism. */
export interface SaslServer {
  /** Takes the client's next bytes, which are valid until it returns. */
  evaluate(token: Buffer): SaslStep | Promise<SaslStep>;
}

/** What an exchange has come to. */
export type SaslStep =
  | { readonly kind: "continue"; readonly challenge: Buffer }
  | SaslSuccess
  | SaslFailure;

/** The client is who it says. */
export interface SaslSuccess {
  readonly kind: "complete";
  readonly challenge: Buffer;
  readonly principal: Principal;
  /** When what it has shown ends, in wall-clock milliseconds; undefined for never. */
  readonly expiresAtMs?: number;
}

/** The client is refused. */
export interface SaslFailure {
  readonly kind: "failed";
  /** What the client is told; Kafka's general words where it is undefined. Never a secret. */
  readonly message?: string;
  /** What is logged besides. Never a secret. */
  readonly reason: string;
}

/** Refuses with words of its own. */
export function failedWith(message: string): SaslFailure {
  return { kind: "failed", message, reason: message };
}

/** Refuses with Kafka's general words: the client learns nothing of why. */
export function failedSilently(reason: string): SaslFailure {
  return { kind: "failed", reason };
}
