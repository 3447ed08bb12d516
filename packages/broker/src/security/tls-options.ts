import type { FileSystem, TlsServerOptions } from "@millrace/platform";

import type { ListenerTlsConfig } from "../config/security-config.ts";
import { readIdentity, readTrustedCertificates } from "./key-stores.ts";
import { SecurityConfigurationError } from "./security-error.ts";

/**
 * Reads what a listener's TLS is made of from the files that its configuration names.
 * @throws SecurityConfigurationError when a file cannot be used.
 */
export function readTlsOptions(
  config: ListenerTlsConfig,
  fileSystem: FileSystem,
  handshakeTimeoutMs: number,
): TlsServerOptions {
  const identity = readIdentity(config, fileSystem);
  const trustedCertificates = readTrustedCertificates(config, fileSystem);
  if (config.clientAuth !== "none" && trustedCertificates.length === 0) {
    const advice = "name the certificates of those who sign them in ssl.truststore.location";
    throw new SecurityConfigurationError(
      `ssl.client.auth=${config.clientAuth} and no client's certificate could be trusted; ${advice}`,
    );
  }
  return {
    identity,
    trustedCertificates,
    peerCertificate: config.clientAuth,
    versionMin: config.versionMin,
    versionMax: config.versionMax,
    ciphers: config.ciphers,
    handshakeTimeoutMs,
  };
}

/** The files that a listener's TLS is read from. */
export function tlsFiles(config: ListenerTlsConfig): readonly string[] {
  return [config.keystore.location, config.truststore.location].filter((path) => path !== null);
}
