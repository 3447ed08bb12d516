import { MillraceError } from "@millrace/platform";
import type { GivenRecord, ShownRecord } from "./shown-record.ts";

/** A line of NDJSON is not a record. */
export class RecordLineError extends MillraceError {
  readonly code = "RECORD_LINE_MALFORMED";
}

/**
 * A part of a record in JSON: text where the bytes are UTF-8, `{ "base64": … }` where they are
 * not, null for none; so it comes back byte for byte.
 */
export type JsonPart = string | null | { readonly base64: string };

/** A record as one line of NDJSON. */
export interface RecordJson {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number | string;
  readonly timestamp: number;
  readonly key: JsonPart;
  /** With `isValueJson`, a value that is JSON stands there as what it means. */
  readonly value: unknown;
  /** A list, since names may come again: `[["trace", "42"]]`. */
  readonly headers: readonly (readonly [name: string, value: JsonPart])[];
}

/** Gives a record in JSON. @param isValueJson shows values that are JSON as what they mean */
export function toRecordJson(record: ShownRecord, isValueJson: boolean): RecordJson {
  const { topic, partition, offset, timestamp, key, value, headers } = record;
  const exact = Number(offset);
  return {
    topic,
    partition,
    offset: Number.isSafeInteger(exact) ? exact : String(offset),
    timestamp,
    key: toPart(key),
    value: isValueJson ? toValue(value) : toPart(value),
    headers: [...headers].map(([name, one]) => [name, toPart(one)] as const),
  };
}

/**
 * Reads a line of NDJSON as a record: what `consume --json` wrote comes back as it was; a `value`
 * that is an object, a list or a number is written as JSON. A line that is no object with `value`
 * or `key` is refused.
 * @throws RecordLineError that says what is wrong.
 */
export function fromRecordJson(line: string): GivenRecord {
  const parsed = parseLine(line);
  const { topic, partition, timestamp, key = null, value = null, headers = [] } = parsed;
  return {
    ...(topic === undefined ? {} : { topic: textOf(topic, "topic") }),
    ...(partition === undefined ? {} : { partition: wholeOf(partition, "partition") }),
    ...(timestamp === undefined ? {} : { timestamp: wholeOf(timestamp, "timestamp") }),
    key: fromPart(key),
    value: fromPart(value),
    headers: headersOf(headers),
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How the JSON of a part begins that is no text. */
export const base64Prefix = '{"base64":';

/** A part of a record in JSON. */
export function toPart(bytes: Buffer | null): JsonPart {
  if (bytes === null) return null;
  try {
    return decoder.decode(bytes);
  } catch {
    // Not UTF-8: the only way to keep every byte.
    return { base64: bytes.toString("base64") };
  }
}

function toValue(bytes: Buffer | null): unknown {
  const part = toPart(bytes);
  if (typeof part !== "string") return part;
  try {
    return JSON.parse(part);
  } catch {
    // Text that is not JSON is shown as text.
    return part;
  }
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  const parsed = parseJson(line);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new RecordLineError('a record is an object: {"key": "42", "value": "one coffee"}');
  }
  const record: Readonly<Record<string, unknown>> = { ...parsed };
  if (!("value" in record) && !("key" in record)) {
    throw new RecordLineError("a record has at least a value or a key; null is a tombstone");
  }
  return record;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new RecordLineError(`it is not JSON: ${said}`, { cause });
  }
}

function fromPart(part: unknown): Buffer | null {
  if (part === null) return null;
  if (typeof part === "string") return Buffer.from(part);
  if (isBase64(part)) return Buffer.from(part.base64, "base64");
  return Buffer.from(JSON.stringify(part));
}

function isBase64(part: unknown): part is { readonly base64: string } {
  if (typeof part !== "object" || part === null) return false;
  const { base64, ...others } = { base64: undefined, ...part };
  return typeof base64 === "string" && Object.keys(others).length === 0;
}

function headersOf(headers: unknown): GivenRecord["headers"] {
  if (Array.isArray(headers)) return headers.map((pair: unknown) => headerOf(pair));
  if (typeof headers === "object" && headers !== null) {
    return Object.entries(headers).map(([name, value]) => [name, fromPart(value)] as const);
  }
  throw new RecordLineError('headers are an object, or a list of pairs: [["trace", "42"]]');
}

function headerOf(pair: unknown): readonly [string, Buffer | null] {
  if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string") {
    throw new RecordLineError('a header is a name and a value: ["trace", "42"]');
  }
  return [pair[0], fromPart(pair[1])];
}

function textOf(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new RecordLineError(`${name} is a text, not ${JSON.stringify(value)}`);
}

function wholeOf(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new RecordLineError(`${name} is a whole number, not ${JSON.stringify(value)}`);
}
