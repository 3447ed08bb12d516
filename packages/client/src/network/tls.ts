import type { FileSystem, TlsClientOptions, TlsIdentity } from "@millrace/platform";
import { asKafkaError, KafkaError } from "../errors/kafka-error.ts";
import type { PemSource, TlsOptions } from "../options/client-options.ts";

/**
 * Reads what TLS options name: texts as they are, everything else from files.
 * @throws KafkaError INVALID_OPTION naming the option and the file, never what is in it
 */
export function readTlsOptions(options: TlsOptions, fileSystem: FileSystem): TlsClientOptions {
  const { ca } = options;
  const sources = ca === undefined ? undefined : isList(ca) ? ca : [ca];
  return {
    identity: identityOf(options, fileSystem),
    trustedCertificates: sources?.map((source) => readPem("tls.ca", source, fileSystem)),
    serverName: options.serverName,
    isNameChecked: options.verifyHostname ?? true,
    versionMin: options.versionMin ?? "TLSv1.2",
    versionMax: options.versionMax ?? "TLSv1.3",
    ciphers: options.ciphers ?? [],
  };
}

function identityOf(options: TlsOptions, fileSystem: FileSystem): TlsIdentity | undefined {
  const { certificate, key, keyStore, passphrase } = options;
  if (keyStore !== undefined) {
    const bytes =
      typeof keyStore === "string" ? readFile("tls.keyStore", keyStore, fileSystem) : keyStore;
    return { kind: "pkcs12", bytes, passphrase: passphrase ?? "" };
  }
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    const absent = certificate === undefined ? "certificate" : "key";
    throw new KafkaError("INVALID_OPTION", `tls has no ${absent}`, {
      hint: "Give tls.certificate and tls.key, or tls.keyStore.",
    });
  }
  return {
    kind: "pem",
    certificateChain: readPem("tls.certificate", certificate, fileSystem),
    privateKey: readPem("tls.key", key, fileSystem),
    passphrase,
  };
}

function readPem(option: string, source: PemSource, fileSystem: FileSystem): string {
  if (typeof source !== "string") return Buffer.from(source).toString("utf8");
  if (source.includes("-----BEGIN")) return source;
  return readFile(option, source, fileSystem).toString("utf8");
}

function readFile(option: string, path: string, fileSystem: FileSystem): Buffer {
  try {
    return fileSystem.readFile(path);
  } catch (error) {
    throw asKafkaError(error, "INVALID_OPTION", { what: `${option} cannot be read` });
  }
}

function isList(ca: PemSource | readonly PemSource[]): ca is readonly PemSource[] {
  return Array.isArray(ca);
}
