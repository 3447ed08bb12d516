import { MillraceError } from "./errors.ts";
import type { LogFields, LogLevel } from "./logger.ts";

/** One line of a log before it is formatted. */
export interface LogLine {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** What a log is written as. */
export type LogFormat = "json" | "pretty";

/** Formats a line as one JSON object: `time`, `level`, `logger`, `message`, then the fields. */
export function formatJsonLine(line: LogLine): string {
  const head = {
    time: formatTime(line.timeMs),
    level: line.level,
    logger: line.logger,
    message: line.message,
  };
  // A field never replaces what every line has.
  return `${JSON.stringify({ ...line.fields, ...head }, toPlain)}\n`;
}

/** Formats a line for people: time, level, message, fields, logger. */
export function formatPrettyLine(line: LogLine, hasColors: boolean): string {
  const paint = hasColors ? colored : plain;
  const time = formatTime(line.timeMs).slice(11, 23);
  const fields = Object.entries(line.fields ?? {})
    .filter(([, value]) => !(value instanceof Error))
    .map(([name, value]) => ` ${paint("dim", `${name}=`)}${formatValue(value)}`)
    .join("");
  const errors = Object.values(line.fields ?? {})
    .filter((value) => value instanceof Error)
    .map((error) => `\n  ${formatError(error)}`)
    .join("");
  const level = paint(line.level, line.level.toUpperCase().padEnd(5));
  const name = line.logger === "root" ? "" : ` ${paint("dim", `(${line.logger})`)}`;
  return `${paint("dim", time)} ${level} ${escapeControls(line.message)}${fields}${name}${errors}\n`;
}

const colorCodes: Readonly<Record<LogLevel | "dim", string>> = {
  trace: "2",
  debug: "2",
  info: "32",
  warn: "33",
  error: "31",
  off: "0",
  dim: "2",
};

function colored(color: LogLevel | "dim", text: string): string {
  return `\u001b[${colorCodes[color]}m${text}\u001b[0m`;
}

function plain(_color: LogLevel | "dim", text: string): string {
  return text;
}

/** A time as ISO 8601 has it, in UTC. */
export function formatTime(timeMs: number): string {
  // oxlint-disable-next-line no-restricted-globals -- formats a given time, reads no clock.
  return new Date(timeMs).toISOString();
}

function formatValue(value: unknown): string {
  if (typeof value === "string" && /^[\w./:@+-]+$/.test(value)) return value;
  return escapeControls(JSON.stringify(value, toPlain) ?? String(value));
}

function formatError(error: Error): string {
  const causes: string[] = [];
  let cause = error.cause;
  while (cause instanceof Error && causes.length < 5) {
    causes.push(`\n  caused by ${cause.stack ?? cause.message}`);
    cause = cause.cause;
  }
  return `${error.stack ?? error.message}${causes.join("")}`;
}

/** What a client chose (an id, a topic) must not be able to forge a line or drive the terminal. */
function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function toPlain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (value instanceof Error) {
    const code = value instanceof MillraceError ? value.code : undefined;
    return {
      name: value.name,
      code,
      message: value.message,
      stack: value.stack,
      cause: value.cause,
    };
  }
  return value;
}
