import { formatTime, type Logger as PlatformLogger, type LogFields } from "@millrace/platform";
import { logLevel } from "./constants.ts";

/** A line as a `logCreator` gets it. */
export interface LogEntry {
  readonly namespace: string;
  readonly level: logLevel;
  readonly label: string;
  readonly log: { readonly timestamp: string; readonly message: string; [key: string]: unknown };
}

/** Makes what writes lines. */
export type LogCreator = (level: logLevel) => (entry: LogEntry) => void;

/** kafkajs's logger. */
export interface Logger {
  info(message: string, extra?: object): void;
  error(message: string, extra?: object): void;
  warn(message: string, extra?: object): void;
  debug(message: string, extra?: object): void;
  namespace(namespace: string, level?: logLevel): Logger;
  setLogLevel(level: logLevel): void;
}

const labels = { 0: "NOTHING", 1: "ERROR", 2: "WARN", 4: "INFO", 5: "DEBUG" } as const;

/** Makes a logger. @param nowMs the time of a line */
export function createLogger(options: {
  readonly level: logLevel;
  readonly write: (entry: LogEntry) => void;
  readonly nowMs: () => number;
  readonly name?: string;
}): Logger {
  let { level } = options;
  const { write, nowMs, name = "" } = options;
  const at =
    (lineLevel: logLevel) =>
    (message: string, extra: object = {}): void => {
      if (lineLevel > level) return;
      const timestamp = formatTime(nowMs());
      const log = { timestamp, message, ...extra };
      write({ namespace: name, level: lineLevel, label: labels[lineLevel], log });
    };
  return {
    error: at(logLevel.ERROR),
    warn: at(logLevel.WARN),
    info: at(logLevel.INFO),
    debug: at(logLevel.DEBUG),
    namespace: (child, childLevel) =>
      createLogger({ ...options, level: childLevel ?? level, name: child }),
    setLogLevel: (next) => {
      level = next;
    },
  };
}

/** Lets the client beneath write into a kafkajs logger. */
export function platformLogger(logger: Logger): PlatformLogger {
  return {
    trace: () => undefined,
    debug: (message, fields?: LogFields) => logger.debug(message, fields),
    info: (message, fields?: LogFields) => logger.info(message, fields),
    warn: (message, fields?: LogFields) => logger.warn(message, fields),
    error: (message, fields?: LogFields) => logger.error(message, fields),
    child: (name) => platformLogger(logger.namespace(name)),
  };
}
