import { UsageError } from "../usage-error.ts";
import { parseDuration } from "./duration.ts";

/** A place in a partition, in the words of a person. */
export type OffsetPoint =
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  /** A log offset. */
  | { readonly kind: "offset"; readonly offset: number }
  /** So many records behind the start. */
  | { readonly kind: "fromStart"; readonly count: number }
  /** So many records before the end. */
  | { readonly kind: "fromEnd"; readonly count: number }
  /** The first record at or after a time. */
  | { readonly kind: "timestamp"; readonly timestampMs: number };

/** Where reading begins and ends; without an end it goes on. */
export interface OffsetRange {
  readonly from: OffsetPoint;
  readonly to: OffsetPoint | undefined;
}

/** The grammar, for help texts. */
export const offsetGrammar = `Offsets:
  start, end          the first record; behind the last one
  42  +10  -5         offset 42; 10 behind the start; 5 before the end
  @TIME               the first record at or after a time
  A:B  A:  :B         from A up to B, which is left out; an end may be missing
  TIME                -1h, 90s and 1h30m ago; 2026-11-23, 2026-11-23T10:00:00Z; milliseconds
                      behind "@A:" a length is enough: @2026-11-23:1h`;

/**
 * Reads an offset or a range of offsets.
 * @param nowMs what durations are counted back from.
 * @throws UsageError with the grammar.
 */
export function parseOffsetRange(text: string, nowMs: number): OffsetRange {
  const [from, to] = split(text.trim());
  const begin = from === "" ? ({ kind: "start" } as const) : parsePoint(from, text, nowMs);
  if (to === undefined) return { from: begin, to: undefined };
  // A range that is open behind goes on like an offset alone.
  if (to === "") return { from: begin, to: undefined };
  return { from: begin, to: parseEnd(begin, to, text, nowMs) };
}

/** Reads one offset, where no range makes sense. @throws UsageError with the grammar. */
export function parseOffsetPoint(text: string, nowMs: number): OffsetPoint {
  return parsePoint(text.trim(), text, nowMs);
}

const timePattern = /^@?\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?/u;

/** Cuts at the colon between two points; those within a time are its own. */
function split(text: string): readonly [string, string | undefined] {
  const time = timePattern.exec(text)?.[0] ?? "";
  const at = text.indexOf(":", time.length);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parseEnd(from: OffsetPoint, to: string, whole: string, nowMs: number): OffsetPoint {
  const lengthMs = from.kind === "timestamp" ? parseDuration(to) : undefined;
  if (from.kind !== "timestamp" || lengthMs === undefined) return parsePoint(to, whole, nowMs);
  return { kind: "timestamp", timestampMs: from.timestampMs + lengthMs };
}

function parsePoint(text: string, whole: string, nowMs: number): OffsetPoint {
  if (/^(?:start|earliest|beginning|oldest)$/u.test(text)) return { kind: "start" };
  if (/^(?:end|latest|newest)$/u.test(text)) return { kind: "end" };
  if (/^\d+$/u.test(text)) return { kind: "offset", offset: safe(text, whole) };
  if (/^\+\d+$/u.test(text)) return { kind: "fromStart", count: safe(text.slice(1), whole) };
  if (/^-\d+$/u.test(text)) return { kind: "fromEnd", count: safe(text.slice(1), whole) };
  if (text.startsWith("@")) {
    const timestampMs = parseTime(text.slice(1), nowMs);
    if (timestampMs !== undefined) return { kind: "timestamp", timestampMs };
  }
  throw notAnOffset(whole);
}

/** Reads a time: `-1h`, a date, a date with a time, milliseconds; undefined when it is none. */
export function parseTime(text: string, nowMs: number): number | undefined {
  if (/^\d+$/u.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
  if (text.startsWith("-")) {
    const agoMs = parseDuration(text.slice(1));
    return agoMs === undefined ? undefined : nowMs - agoMs;
  }
  if (timePattern.exec(text)?.[0] !== text) return undefined;
  const timestampMs = Date.parse(text);
  return Number.isNaN(timestampMs) ? undefined : timestampMs;
}

function safe(digits: string, whole: string): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw notAnOffset(whole);
  return value;
}

function notAnOffset(text: string): UsageError {
  return new UsageError(`"${text}" is not an offset.\n${offsetGrammar}`);
}
