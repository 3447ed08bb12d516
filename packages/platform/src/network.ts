/** Gives connections. TCP in production; a simulated one delays, drops and partitions. */
export interface Network {
  /** Listens on an address; port 0 takes a free one. @throws NetworkError EADDRINUSE, EACCES … */
  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener>;
  /** Connects. @throws NetworkError ECONNREFUSED, ETIMEDOUT … */
  connect(options: ConnectOptions): Promise<Connection>;
}

/** Where to listen. */
export interface ListenOptions {
  /** A host name or address; undefined for every address. */
  readonly host: string | undefined;
  readonly port: number;
  /** How many connections the kernel may queue. */
  readonly backlog?: number;
}

/** Where to connect. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** A bound address. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Accepts no more; open connections stay. */
  close(): Promise<void>;
}

/** A stream of bytes both ways. Handlers are set once, in the turn in which it was given. */
export interface Connection {
  readonly remoteHost: string;
  readonly remotePort: number;
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
