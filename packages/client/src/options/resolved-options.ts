import type { ClientOptions, SaslOptions, TlsOptions } from "./client-options.ts";

/** A host and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** The options with every default filled in. */
export interface ResolvedClientOptions
  extends Required<
    Omit<ClientOptions, "bootstrap" | "tls" | "sasl" | "clientRack" | "logger" | "logLevel">
  > {
  readonly bootstrap: readonly HostPort[];
  /** Undefined for connections that are not encrypted. */
  readonly tls: TlsOptions | undefined;
  readonly sasl: SaslOptions | undefined;
  readonly clientRack: string | undefined;
}
