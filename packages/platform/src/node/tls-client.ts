import type { SocketConstructorOpts } from "node:net";
import process from "node:process";
import type { ConnectionOptions, PeerCertificate, SecureContext, TLSSocket } from "node:tls";
import { NetworkError } from "../errors.ts";
import type { ConnectOptions, TlsClientOptions } from "../network.ts";
import { systemCodeOf } from "./io-error.ts";
import type { SocketReader } from "./socket-reader.ts";
import { identityOptions, withContext } from "./tls-context.ts";

/** Losing the peer in the middle of a handshake: it may have gone, and may come back. */
const transientCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EADDRNOTAVAIL",
]);

/** Reading a certificate takes a millisecond: it is done once for all of a client's connections. */
const contexts = new WeakMap<TlsClientOptions, SecureContext>();

/** Begins an encrypted connection; it emits `secureConnect` when it is ready. */
export function connectTls(
  options: ConnectOptions,
  tls: TlsClientOptions,
  reader: SocketReader,
): TLSSocket {
  const { connect, checkServerIdentity } = process.getBuiltinModule("node:tls");
  const name = tls.serverName ?? options.host;
  const given = {
    host: options.host,
    port: options.port,
    secureContext: contextOf(tls),
    rejectUnauthorized: true,
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      tls.isNameChecked ? checkServerIdentity(name, certificate) : undefined,
    // SNI has no form for addresses.
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    onread: reader.option,
  } satisfies ConnectionOptions & Pick<SocketConstructorOpts, "onread">;
  const socket = withContext(() => connect(given));
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  return socket;
}

/** Why an encrypted connection could not be made. */
export function toTlsError(action: string, cause: unknown): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const systemCode = systemCodeOf(cause);
  if (transientCodes.has(systemCode)) {
    return new NetworkError(`${action} failed: ${systemCode}`, { systemCode, cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `${action} failed in the TLS handshake: ${reason.trim()}`;
  return new NetworkError(message, { systemCode: "TLS_HANDSHAKE", cause });
}

function contextOf(tls: TlsClientOptions): SecureContext {
  const known = contexts.get(tls);
  if (known !== undefined) return known;
  const { createSecureContext } = process.getBuiltinModule("node:tls");
  const { identity, trustedCertificates, ciphers } = tls;
  const context = withContext(() =>
    createSecureContext({
      ...(identity === undefined ? {} : identityOptions(identity)),
      ...(trustedCertificates === undefined ? {} : { ca: [...trustedCertificates] }),
      minVersion: tls.versionMin,
      maxVersion: tls.versionMax,
      ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(":") }),
    }),
  );
  contexts.set(tls, context);
  return context;
}
