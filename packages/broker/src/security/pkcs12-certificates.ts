import { createDecipheriv, pbkdf2Sync } from "node:crypto";

import {
  derAt,
  DerError,
  derInteger,
  derObjectIdentifier,
  derTags,
  type DerValue,
  readDer,
} from "./der.ts";

/** Certificates in PEM form, or why there are none. */
export type Pkcs12Outcome =
  | { readonly ok: true; readonly certificates: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const identifiers = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  x509: "1.2.840.113549.1.9.22.1",
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
} as const;

const digests: ReadonlyMap<string, string> = new Map([
  ["1.2.840.113549.2.7", "sha1"],
  ["1.2.840.113549.2.9", "sha256"],
  ["1.2.840.113549.2.10", "sha384"],
  ["1.2.840.113549.2.11", "sha512"],
]);

const ciphers: ReadonlyMap<string, { readonly name: string; readonly keyBytes: number }> = new Map([
  ["2.16.840.1.101.3.4.1.2", { name: "aes-128-cbc", keyBytes: 16 }],
  ["2.16.840.1.101.3.4.1.42", { name: "aes-256-cbc", keyBytes: 32 }],
]);

/** Java's and OpenSSL's own counts are 2,048 to 10,000; a file cannot ask for minutes of work. */
const iterationCountMax = 1_000_000;

/**
 * The certificates of a PKCS12 file that holds no key: a trust store, which OpenSSL does not load
 * as one. Reads what keytool has written since Java 12 and OpenSSL since 3.0 (PBES2 with AES), and
 * what is not encrypted.
 */
export function certificatesOfPkcs12(bytes: Buffer, password: string): Pkcs12Outcome {
  try {
    const whole = readDer(derAt(readDer(bytes), 0).content);
    const safes = readDer(octets(derAt(readDer(derAt(whole, 1).content), 1)));
    const bags = readDer(derAt(safes, 0).content).flatMap((safe) => bagsOf(safe, password));
    return { ok: true, certificates: bags.flatMap(certificatesOf) };
  } catch (error) {
    if (error instanceof DerError) return { ok: false, reason: error.message };
    // A wrong password shows as padding that makes no sense.
    if (error instanceof Error && "code" in error) {
      return { ok: false, reason: "its password is wrong" };
    }
    throw error;
  }
}

/** The octet string inside a value that says explicitly what it holds. */
function octets(value: DerValue): Buffer {
  return derAt(readDer(value.content), 0).content;
}

function bagsOf(safe: DerValue, password: string): readonly DerValue[] {
  const [type, content] = readDer(safe.content);
  if (type === undefined || content === undefined) throw new DerError("it is not a PKCS12 file");
  const kind = derObjectIdentifier(type.content);
  if (kind === identifiers.data) return readDer(derAt(readDer(octets(content)), 0).content);
  if (kind !== identifiers.encryptedData) throw new DerError("it is encrypted for a public key");
  const encrypted = readDer(derAt(readDer(derAt(readDer(content.content), 0).content), 1).content);
  const plain = decrypt(derAt(encrypted, 1), derAt(encrypted, 2).content, password);
  return readDer(derAt(readDer(plain), 0).content);
}

function decrypt(algorithm: DerValue, bytes: Buffer, password: string): Buffer {
  const [type, parameters] = readDer(algorithm.content);
  if (type === undefined || derObjectIdentifier(type.content) !== identifiers.pbes2) {
    throw new DerError("it is encrypted in an old way");
  }
  const [derivation, encryption] = readDer(parameters?.content ?? Buffer.alloc(0));
  const [, cipherParameters] = readDer(encryption?.content ?? Buffer.alloc(0));
  const cipher = ciphers.get(identifierOf(encryption));
  if (cipher === undefined || identifierOf(derivation) !== identifiers.pbkdf2) {
    throw new DerError("it is encrypted in a way that is not supported");
  }
  const key = deriveKey(derAt(readDer(derivation?.content ?? Buffer.alloc(0)), 1), {
    password,
    keyBytes: cipher.keyBytes,
  });
  const initialVector = cipherParameters?.content ?? Buffer.alloc(0);
  const decipher = createDecipheriv(cipher.name, key, initialVector);
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

function deriveKey(
  parameters: DerValue,
  { password, keyBytes }: { readonly password: string; readonly keyBytes: number },
): Buffer {
  const [salt, iterations, ...rest] = readDer(parameters.content);
  if (salt === undefined || iterations === undefined) throw new DerError("it has no salt");
  const count = derInteger(iterations);
  if (count > iterationCountMax) throw new DerError("it asks for too many iterations");
  const pseudoRandom = rest.find(({ tag }) => tag === derTags.sequence);
  const digest = pseudoRandom === undefined ? "sha1" : digests.get(identifierOf(pseudoRandom));
  if (digest === undefined) throw new DerError("its hash is not supported");
  return pbkdf2Sync(password, salt.content, count, keyBytes, digest);
}

function identifierOf(algorithm: DerValue | undefined): string {
  const [type] = readDer(algorithm?.content ?? Buffer.alloc(0));
  return type === undefined ? "" : derObjectIdentifier(type.content);
}

function certificatesOf(bag: DerValue): readonly string[] {
  const [type, value] = readDer(bag.content);
  if (type === undefined || value === undefined) return [];
  if (derObjectIdentifier(type.content) !== identifiers.certificateBag) return [];
  const [kind, certificate] = readDer(derAt(readDer(value.content), 0).content);
  if (kind === undefined || certificate === undefined) return [];
  if (derObjectIdentifier(kind.content) !== identifiers.x509) return [];
  const base64 = octets(certificate)
    .toString("base64")
    .replaceAll(/(.{64})/g, "$1\n");
  return [`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`];
}
