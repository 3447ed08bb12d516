import { type FileSystem, IoError, type TlsIdentity } from "@millrace/platform";

import type { ListenerTlsConfig, StoreConfig } from "../config/security-config.ts";
import { certificatesOfPkcs12 } from "./pkcs12-certificates.ts";
import { SecurityConfigurationError } from "./security-error.ts";

/**
 * Reads the certificate and key that a listener proves itself with. @throws
 * SecurityConfigurationError
 */
export function readIdentity(config: ListenerTlsConfig, fileSystem: FileSystem): TlsIdentity {
  const { keystore, keystoreKey, keystoreCertificateChain } = config;
  const passphrase = config.keyPassword ?? undefined;
  if (keystoreKey !== null && keystoreCertificateChain !== null) {
    return {
      kind: "pem",
      certificateChain: pemText(keystoreCertificateChain),
      privateKey: pemText(keystoreKey),
      passphrase,
    };
  }
  const { bytes, format, path } = readStore(keystore, "ssl.keystore", fileSystem);
  if (format === "PKCS12") {
    return { kind: "pkcs12", bytes, passphrase: keystore.password ?? config.keyPassword ?? "" };
  }
  // One file holds both, as KIP-651 has it: the key anywhere in it, and the chain.
  const text = bytes.toString("utf8");
  const privateKey = blocksOf(text, /PRIVATE KEY/)[0];
  const certificates = blocksOf(text, /CERTIFICATE/);
  if (privateKey === undefined || certificates.length === 0) {
    const what = privateKey === undefined ? "private key" : "certificate";
    throw new SecurityConfigurationError(`ssl.keystore.location=${path} has no ${what}`);
  }
  return { kind: "pem", certificateChain: certificates.join("\n"), privateKey, passphrase };
}

/** Reads the certificates of those who may sign a client's. @throws SecurityConfigurationError */
export function readTrustedCertificates(
  config: ListenerTlsConfig,
  fileSystem: FileSystem,
): readonly string[] {
  const { truststore, truststoreCertificates } = config;
  if (truststoreCertificates !== null) {
    return blocksOf(pemText(truststoreCertificates), /CERTIFICATE/);
  }
  if (truststore.location === null) return [];
  const { bytes, format, path } = readStore(truststore, "ssl.truststore", fileSystem);
  const certificates =
    format === "PEM"
      ? blocksOf(bytes.toString("utf8"), /CERTIFICATE/)
      : pkcs12Certificates(bytes, truststore, path);
  if (certificates.length > 0) return certificates;
  throw new SecurityConfigurationError(`ssl.truststore.location=${path} has no certificate`);
}

function pkcs12Certificates(bytes: Buffer, store: StoreConfig, path: string): readonly string[] {
  const outcome = certificatesOfPkcs12(bytes, store.password ?? "");
  if (outcome.ok) return outcome.certificates;
  const convert = `openssl pkcs12 -in ${path} -nokeys -out truststore.pem`;
  const advice = `convert it with "${convert}" and set ssl.truststore.type=PEM`;
  throw new SecurityConfigurationError(
    `ssl.truststore.location=${path}: ${outcome.reason}; ${advice}`,
  );
}

interface Store {
  readonly bytes: Buffer;
  readonly format: "PEM" | "PKCS12";
  readonly path: string;
}

const jksMagics: ReadonlySet<number> = new Set([0xfeedfeed, 0xcececece]);

function readStore(store: StoreConfig, key: string, fileSystem: FileSystem): Store {
  const path = store.location ?? "";
  const bytes = readFile(path, key, fileSystem);
  const isPem = bytes.includes("-----BEGIN ");
  const { type } = store;
  if (!["JKS", "PKCS12", "PEM"].includes(type)) {
    throw new SecurityConfigurationError(`${key}.type=${type} is not supported; use PEM or PKCS12`);
  }
  if (bytes.length >= 4 && jksMagics.has(bytes.readUInt32BE(0))) {
    throw new SecurityConfigurationError(`${key}.location=${path} ${jksAdvice(path, key)}`);
  }
  if (type === "PEM" && !isPem) {
    throw new SecurityConfigurationError(`${key}.location=${path} is not in PEM form`);
  }
  if (type === "PKCS12" && isPem) {
    const advice = `set ${key}.type=PEM`;
    throw new SecurityConfigurationError(`${key}.location=${path} is in PEM form; ${advice}`);
  }
  // Java takes PKCS12 for JKS too: its keytool has made nothing else for years.
  return { bytes, path, format: isPem ? "PEM" : "PKCS12" };
}

function jksAdvice(path: string, key: string): string {
  const to = `${path.replace(/\.jks$/i, "")}.p12`;
  const convert = `keytool -importkeystore -srckeystore ${path} -destkeystore ${to} -deststoretype PKCS12`;
  return `is a Java key store (JKS), which only Java reads; convert it with "${convert}" and set ${key}.type=PKCS12, ${key}.location=${to}`;
}

function readFile(path: string, key: string, fileSystem: FileSystem): Buffer {
  try {
    return fileSystem.readFile(path);
  } catch (cause) {
    if (!(cause instanceof IoError)) throw cause;
    throw new SecurityConfigurationError(
      `${key}.location=${path} cannot be read: ${cause.systemCode}`,
      { cause },
    );
  }
}

/** A properties file has one line: Kafka's users write PEM with \n in it, or with spaces. */
function pemText(text: string): string {
  return text
    .replaceAll("\\n", "\n")
    .replaceAll(/(-----BEGIN [A-Z ]+-----)\s*/g, "$1\n")
    .replaceAll(/\s*(-----END [A-Z ]+-----)\s*/g, "\n$1\n")
    .replaceAll(/(?<=^[A-Za-z0-9+/=]+) +(?=[A-Za-z0-9+/=]+)/gm, "\n");
}

function blocksOf(text: string, kind: RegExp): readonly string[] {
  const blocks = text.match(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g) ?? [];
  return blocks.filter((block) => kind.test(block.slice(0, block.indexOf("-----", 11))));
}
