import type { Logger } from "@millrace/platform";

/** What an embedded broker is started with; every field has a default fit for a test. */
export interface StartBrokerOptions {
  /** Topics to create before the promise resolves: name to partition count. */
  readonly topics?: Readonly<Record<string, number>>;
  /** The data folder; without it everything is held in memory and gone at `close`. */
  readonly folder?: string;
  /** The host to listen on and to advertise; 127.0.0.1 without it. */
  readonly host?: string;
  /** The port to listen on; 0, a free one, without it. */
  readonly port?: number;
  /** Configuration as in server.properties. */
  readonly config?: Readonly<Record<string, string>>;
  /** Where log lines go; nowhere without it. */
  readonly logger?: Logger;
}

/** A broker in this process. */
export interface EmbeddedBroker extends AsyncDisposable {
  /** `host:port` of its first listener, as `bootstrap.servers` wants it. */
  readonly bootstrap: string;
  readonly port: number;
  /** Stops as SIGTERM does: finishes what is under way, flushes, marks the folder clean. Idempotent. */
  close(): Promise<void>;
}

/** What the command line starts a broker with. */
export interface ServeOptions {
  /** The path of a server.properties file; defaults alone without it. */
  readonly propertiesPath?: string | undefined;
  /** Keys that win over the file: `--override key=value`. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The process environment: `KAFKA_*` names of the apache/kafka image are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** Called once the Kafka port answers, with the bound client listeners as `host:port`. */
  readonly onReady?: (listeners: readonly string[]) => void;
}

/**
 * Starts a broker inside this process: `await using broker = await startBroker({ topics: { orders: 3 } })`.
 * Several may run in one process, each with a port and a folder of its own.
 */
export async function startBroker(options: StartBrokerOptions = {}): Promise<EmbeddedBroker> {
  await Promise.resolve(options);
  throw new Error("not composed yet");
}

/**
 * Runs a broker until SIGTERM or SIGINT and then stops it in an orderly way; a second signal ends
 * the process at once. The command line awaits it.
 * @returns the exit code.
 * @throws MillraceError with a stable code when it cannot start (configuration, folder in use, port).
 */
export async function serve(options: ServeOptions): Promise<number> {
  await Promise.resolve(options);
  throw new Error("not composed yet");
}
