import { credentialOf, saltedPassword, scramMechanismOf } from "./scram-credential.ts";

/** What a password's hash is worked out from. */
export interface StoredKeyInput {
  /** The name of a SCRAM mechanism. */
  readonly mechanism: string;
  readonly password: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** The stored key of a password (RFC 5802): up to a second of work; empty for no mechanism. */
export function storedKeyStep(input: StoredKeyInput): Uint8Array {
  const mechanism = scramMechanismOf(input.mechanism);
  if (mechanism === undefined) return new Uint8Array();
  const salted = saltedPassword(mechanism, input.password, input);
  return credentialOf(mechanism, salted, input).storedKey;
}
