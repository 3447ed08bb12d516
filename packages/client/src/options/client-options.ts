import type { Logger, LogLevel, TlsVersion } from "@millrace/platform";

/**
 * What a client is made with. Names are Java's in camelCase, defaults are Java's; an unknown name
 * is
 * refused. Each of producer, consumer and admin may override what it takes from here.
 */
export interface ClientOptions {
  /** Some brokers of the cluster: "host:port", several in a list or separated by commas. */
  readonly bootstrap: string | readonly string[];
  /** How the brokers' logs, quotas and metrics name this client; "millrace-client". */
  readonly clientId?: string;
  /** `true` for TLS with the authorities that Node trusts. */
  readonly tls?: boolean | TlsOptions;
  readonly sasl?: SaslOptions;
  /** A request without an answer for so long closes its connection; 30 s. */
  readonly requestTimeoutMs?: number;
  /** How long a call with retries may take that has no time-out of its own; 60 s. */
  readonly defaultApiTimeoutMs?: number;
  /** The first pause before a call is tried again (KIP-580); 100 ms. */
  readonly retryBackoffMs?: number;
  /** The longest such pause; 1 s. */
  readonly retryBackoffMaxMs?: number;
  /** The first pause before a broker is connected to again; 50 ms. */
  readonly reconnectBackoffMs?: number;
  /** The longest such pause; 1 s. */
  readonly reconnectBackoffMaxMs?: number;
  /** How long connecting to one address may take, TLS included; 10 s, doubled up to the next. */
  readonly socketConnectionSetupTimeoutMs?: number;
  readonly socketConnectionSetupTimeoutMaxMs?: number;
  /** A connection without traffic for so long is closed; 9 min; -1 for never. */
  readonly connectionsMaxIdleMs?: number;
  /** Topics and leaders are asked for again after so long at the latest; 5 min. */
  readonly metadataMaxAgeMs?: number;
  /** A topic that nobody asked for in so long is forgotten; 5 min. */
  readonly metadataMaxIdleMs?: number;
  /** What to do when no known broker can be reached (KIP-899); "rebootstrap". */
  readonly metadataRecoveryStrategy?: "rebootstrap" | "none";
  /** Without Metadata for so long, begin again from the bootstrap addresses (KIP-1102); 5 min. */
  readonly metadataRecoveryRebootstrapTriggerMs?: number;
  /**
   * Every address of a host name is tried, the next where one does not answer. Java's other way,
   * canonical names, is for Kerberos and is refused.
   */
  readonly clientDnsLookup?: "use_all_dns_ips";
  /** Where this client is, for reading from the nearest replica (KIP-392). */
  readonly clientRack?: string;
  /** Whether metrics that the cluster subscribed to are pushed to it (KIP-714); true. */
  readonly enableMetricsPush?: boolean;
  /** Where log lines go; else those from `logLevel` on go to the standard error output. */
  readonly logger?: Logger;
  /** "warn". */
  readonly logLevel?: LogLevel;
}

/** TLS towards brokers. PEM texts, or paths of files with them. */
export interface TlsOptions {
  /** Certificates of the authorities to trust; those that Node trusts when not given. */
  readonly ca?: PemSource | readonly PemSource[];
  /** The client's own certificate chain, for mutual TLS. */
  readonly certificate?: PemSource;
  /** The private key of `certificate`. */
  readonly key?: PemSource;
  /** The key store in PKCS12 form, instead of `certificate` and `key`. */
  readonly keyStore?: string | Uint8Array;
  /** What `key` or `keyStore` is encrypted with. */
  readonly passphrase?: string;
  /**
   * Whether the broker's certificate must carry the name that was connected to; true. Off, a holder
   * of any certificate of the authority can pose as the broker.
   */
  readonly verifyHostname?: boolean;
  /** The name to ask for and to check, where it is not the host that is connected to. */
  readonly serverName?: string;
  /** "TLSv1.2". */
  readonly versionMin?: TlsVersion;
  /** "TLSv1.3". */
  readonly versionMax?: TlsVersion;
  /** OpenSSL's names; its own choice when not given. */
  readonly ciphers?: readonly string[];
}

/** A PEM text (it contains "-----BEGIN"), its bytes, or the path of a file with it. */
export type PemSource = string | Uint8Array;

/** How the client proves who it is. */
export type SaslOptions =
  | {
      readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
      readonly username: string;
      /** A text, or a function asked at each authentication. */
      readonly password: string | (() => string | Promise<string>);
      /** The user name is a delegation token's id, the password its HMAC (SCRAM only). */
      readonly tokenAuth?: boolean;
    }
  | {
      readonly mechanism: "oauthbearer";
      /** Asked for a token at each authentication. */
      readonly token: () => string | OauthToken | Promise<string | OauthToken>;
      readonly extensions?: Readonly<Record<string, string>>;
    }
  | {
      readonly mechanism: "oauthbearer";
      readonly oidc: OidcOptions;
      readonly extensions?: Readonly<Record<string, string>>;
    };

/** A bearer token. */
export interface OauthToken {
  readonly value: string;
  /** When it ends, in milliseconds since 1970; read from a JWT's `exp` when not given. */
  readonly expiresAtMs?: number;
  /** Instead of the client's. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** Client credentials of OAuth 2.0 (RFC 6749 §4.4). */
export interface OidcOptions {
  readonly tokenEndpointUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  /** Further parameters of the request. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether `clientId` and `clientSecret` are percent-encoded in the header; true (RFC 6749). */
  readonly urlEncodeHeader?: boolean;
  /** 10 s. */
  readonly timeoutMs?: number;
}
