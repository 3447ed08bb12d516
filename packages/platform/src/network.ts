/** Gives connections. TCP in production; a simulated one delays, drops and partitions. */
export interface Network {
  /**
   * Listens on an address; port 0 takes a free one.
   * @throws NetworkError EADDRINUSE, EACCES …; TLS_CONTEXT for TLS options that cannot be used.
   */
  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener>;
  /**
   * Whether TLS options can be used, without listening.
   * @returns undefined when they can, else what OpenSSL says of them.
   */
  checkTls(options: TlsServerOptions): string | undefined;
  /**
   * Connects, and does the TLS handshake where `tls` is given.
   * @throws NetworkError ECONNREFUSED, ETIMEDOUT …; TLS_CONTEXT for TLS options that cannot be
   *   used, TLS_HANDSHAKE when the two sides do not agree or the peer's certificate is not trusted.
   */
  connect(options: ConnectOptions): Promise<Connection>;
}

/** Where to listen. */
export interface ListenOptions {
  /** A host name or address; undefined for every address. */
  readonly host: string | undefined;
  readonly port: number;
  /** How many connections the kernel may queue. */
  readonly backlog?: number;
  /** With it, connections are encrypted: bytes come after the handshake alone. */
  readonly tls?: TlsServerOptions;
}

/** What a listener proves itself with, and what it wants to see. Keys are secrets: never log it. */
export interface TlsServerOptions {
  readonly identity: TlsIdentity;
  /** PEM certificates of those who may sign a peer's; without them nobody's is accepted. */
  readonly trustedCertificates: readonly string[];
  /**
   * Whether a peer shows a certificate: never, if it has one, or always. One shown must be good.
   */
  readonly peerCertificate: "none" | "requested" | "required";
  readonly versionMin: TlsVersion;
  readonly versionMax: TlsVersion;
  /** OpenSSL's names; its own choice when empty. */
  readonly ciphers: readonly string[];
  /** A handshake takes no longer. */
  readonly handshakeTimeoutMs: number;
}

/** The versions that are safe. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** A private key with its certificates. */
export type TlsIdentity =
  | {
      readonly kind: "pem";
      readonly certificateChain: string;
      readonly privateKey: string;
      readonly passphrase: string | undefined;
    }
  | { readonly kind: "pkcs12"; readonly bytes: Uint8Array; readonly passphrase: string };

/** Where to connect. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** For all of it, the handshake included. */
  readonly timeoutMs: number;
  /** With it, the connection is encrypted. */
  readonly tls?: TlsClientOptions;
  /** Ends the attempt with ECANCELED; a connection that is made stays. */
  readonly signal?: AbortSignal;
}

/** What a client wants to see of a peer, and what it shows. Keys are secrets: never log it. */
export interface TlsClientOptions {
  /** What the client proves itself with; undefined for nothing. */
  readonly identity: TlsIdentity | undefined;
  /** PEM certificates of those who may sign the peer's; those that Node trusts when undefined. */
  readonly trustedCertificates: readonly string[] | undefined;
  /** The name to ask for and to check, where it is not the host that is connected to. */
  readonly serverName: string | undefined;
  /** Whether the peer's certificate has to be for the name; it has to be trusted in any case. */
  readonly isNameChecked: boolean;
  readonly versionMin: TlsVersion;
  readonly versionMax: TlsVersion;
  /** OpenSSL's names; its own choice when empty. */
  readonly ciphers: readonly string[];
}

/** A bound address. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /**
   * Takes other TLS options for connections from now on; those that are open keep theirs.
   * @throws NetworkError TLS_CONTEXT when they cannot be used; the old ones stay in force.
   */
  updateTls(options: TlsServerOptions): void;
  /** Accepts no more; open connections stay. */
  close(): Promise<void>;
}

/** A stream of bytes both ways. Handlers are set once, in the turn in which it was given. */
export interface Connection {
  readonly remoteHost: string;
  readonly remotePort: number;
  /**
   * The certificate (DER) that the peer has shown and that is trusted; known with its first bytes.
   */
  peerCertificate(): Uint8Array | undefined;
  /** Called with bytes as they come, which belong to the receiver. This or `receiveInto`. */
  onData(handler: (bytes: Buffer) => void): void;
  /** Reads into memory that the receiver gives: no allocation, and no copy of what is large. */
  receiveInto(receiver: Receiver): void;
  /** Called once when the connection is gone, with the error if there was one. */
  onClose(handler: (error: Error | undefined) => void): void;
  /** Called each time all that was queued by `write` has been handed to the kernel. */
  onDrain(handler: () => void): void;
  /**
   * Queues bytes; the chunks must not be changed until they are sent.
   * @returns false when the caller should wait for `onDrain` before the next.
   */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Bytes queued and not yet handed to the kernel. */
  queuedBytes(): number;
  /** Stops reading from the peer (muting). */
  pause(): void;
  /** Reads again. */
  resume(): void;
  /** Sends what is queued, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

/**
 * Gives the memory that a connection reads into. `nextBuffer` is asked before a read, `received`
 * tells how many bytes of that buffer were filled (1 or more); then `nextBuffer` is asked again.
 * A buffer may be shared by connections that are between two messages: nothing is read into it
 * between a call of `received` and its return.
 */
export interface Receiver {
  nextBuffer(): Uint8Array;
  received(sizeBytes: number): void;
}
