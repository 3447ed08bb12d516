import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** The hash functions of SCRAM, by Kafka's number in requests and metadata. */
export const scramMechanisms = [
  { name: "SCRAM-SHA-256", id: 1, hash: "sha256", keyBytes: 32 },
  { name: "SCRAM-SHA-512", id: 2, hash: "sha512", keyBytes: 64 },
] as const;

/** One of `scramMechanisms`. */
export type ScramMechanism = (typeof scramMechanisms)[number];

/** Fewer iterations would make guessing cheap; more would make logging in dear (Kafka's bounds). */
export const scramIterations = { min: 4096, max: 16_384 } as const;

/** What the broker keeps of a password; it cannot log in with it. Secret all the same. */
export interface ScramCredential {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
  readonly iterations: number;
}

/** The mechanism of a name; undefined for one that is not SCRAM. */
export function scramMechanismOf(name: string): ScramMechanism | undefined {
  return scramMechanisms.find((mechanism) => mechanism.name === name);
}

const saltLength = 26;

/**
 * A salt of the length and alphabet of those that Kafka's tools make, from at least as many random
 * bytes: all have them, so that none tells whether its user exists.
 */
export function saltOf(randomBytes: Uint8Array): Buffer {
  const letters = [...randomBytes.subarray(0, saltLength)].map((byte) => (byte % 36).toString(36));
  return Buffer.from(letters.join(""));
}

/** HMAC as SCRAM uses it. */
export function scramHmac(
  { hash }: ScramMechanism,
  key: Uint8Array,
  text: string | Uint8Array,
): Buffer {
  return createHmac(hash, key).update(text).digest();
}

/** A hash as SCRAM uses it. */
export function scramHash({ hash }: ScramMechanism, bytes: Uint8Array): Buffer {
  return createHash(hash).update(bytes).digest();
}

/** Hi(password, salt, i) of RFC 5802: milliseconds of work. */
export function saltedPassword(
  mechanism: ScramMechanism,
  password: string,
  given: { readonly salt: Uint8Array; readonly iterations: number },
): Buffer {
  return pbkdf2Sync(password, given.salt, given.iterations, mechanism.keyBytes, mechanism.hash);
}

/** What is kept, from what a client computes of a password (AlterUserScramCredentials sends it). */
export function credentialOf(
  mechanism: ScramMechanism,
  salted: Uint8Array,
  given: { readonly salt: Uint8Array; readonly iterations: number },
): ScramCredential {
  const clientKey = scramHmac(mechanism, salted, "Client Key");
  return {
    salt: Buffer.from(given.salt),
    storedKey: scramHash(mechanism, clientKey),
    serverKey: scramHmac(mechanism, salted, "Server Key"),
    iterations: given.iterations,
  };
}
