import type { TlsVersion } from "@millrace/platform";

import type { PrincipalMapping } from "../security/principal-mapping.ts";

/** How a listener encrypts, and whom it lets in for their certificate. Passwords: never log it. */
export interface ListenerTlsConfig {
  readonly keystore: StoreConfig;
  /** PEM text; with the certificate chain it stands for a store. */
  readonly keystoreKey: string | null;
  readonly keystoreCertificateChain: string | null;
  readonly keyPassword: string | null;
  readonly truststore: StoreConfig;
  readonly truststoreCertificates: string | null;
  readonly clientAuth: "none" | "requested" | "required";
  readonly versionMin: TlsVersion;
  readonly versionMax: TlsVersion;
  /** In OpenSSL's names; its own choice when empty. */
  readonly ciphers: readonly string[];
  readonly principalMapping: PrincipalMapping;
}

/** A file of keys and certificates. */
export interface StoreConfig {
  /** As it was given: JKS when nobody says. */
  readonly type: string;
  readonly location: string | null;
  readonly password: string | null;
}

/** The SASL mechanisms that are built. */
export const saslMechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] as const;

/** One of `saslMechanisms`. */
export type SaslMechanism = (typeof saslMechanisms)[number];

/** Who may authenticate on a listener, and how. Passwords: never log it. */
export interface ListenerSaslConfig {
  /** In the order given: the handshake's answer lists them so. */
  readonly mechanisms: readonly SaslMechanism[];
  /** Passwords by user, for PLAIN. */
  readonly plainUsers: ReadonlyMap<string, string>;
  /** `connections.max.reauth.ms` of each mechanism; 0 for never. */
  readonly maxReauthMs: ReadonlyMap<SaslMechanism, number>;
  /** `sasl.server.max.receive.size`. */
  readonly receiveBytesMax: number;
  readonly oauthbearer: OauthbearerConfig | undefined;
}

/** What a token of OAUTHBEARER is checked against. */
export interface OauthbearerConfig {
  readonly jwksUrl: string;
  readonly jwksRefreshMs: number;
  readonly jwksRetryMs: number;
  readonly jwksRetryMaxMs: number;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly clockSkewSeconds: number;
  readonly audiences: readonly string[];
  readonly issuer: string | null;
  readonly scopeClaim: string;
  readonly subjectClaim: string;
}
