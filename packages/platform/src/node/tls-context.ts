import type { SecureContextOptions } from "node:tls";
import { NetworkError } from "../errors.ts";
import type { TlsIdentity } from "../network.ts";

/** A private key with its certificates, as Node takes them. */
export function identityOptions(identity: TlsIdentity): SecureContextOptions {
  if (identity.kind === "pkcs12") {
    return { pfx: Buffer.from(identity.bytes), passphrase: identity.passphrase };
  }
  return {
    cert: identity.certificateChain,
    key: identity.privateKey,
    ...(identity.passphrase === undefined ? {} : { passphrase: identity.passphrase }),
  };
}

/** Does what OpenSSL may object to. @throws NetworkError TLS_CONTEXT with what it says. */
export function withContext<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NetworkError(`the certificate, key or ciphers cannot be used: ${reason}`, {
      systemCode: "TLS_CONTEXT",
      cause,
    });
  }
}
