/** Writes structured log lines: a sentence and named values. Never give it a secret. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger of a part of the system, named as Kafka names its loggers where there is one. */
  child(name: string): Logger;
}

/** Named values of a log line. */
export type LogFields = Readonly<Record<string, unknown>>;
