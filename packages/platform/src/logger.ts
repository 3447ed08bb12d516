/** Writes structured log lines: a sentence and named values. Never give it a secret. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The logger of a part of the system, named in full as Kafka does: `kafka.server.KafkaApis`. */
  child(name: string): Logger;
}

/** Named values of a log line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** How much is logged, from most to least. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "off"] as const;

/** One of `logLevels`. */
export type LogLevel = (typeof logLevels)[number];

/** Reads and changes the level of each logger at run time (Kafka's broker-loggers). */
export interface LogLevels {
  /** Names of the loggers made so far, with `root`. */
  names(): readonly string[];
  /** The level in force: its own or that of the nearest parent (`a.b` is the parent of `a.b.c`). */
  levelOf(name: string): LogLevel;
  /** Sets a level; undefined goes back to the parent's (without effect on `root`). */
  setLevel(name: string, level: LogLevel | undefined): void;
}
