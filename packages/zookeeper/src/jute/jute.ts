import { unreachable } from "@millrace/platform";
import type { JuteReader } from "./jute-reader.ts";
import { JuteWriter } from "./jute-writer.ts";

/**
 * What a field of ZooKeeper's serialization (jute) may be. `zxid`s and session ids are `int64`
 * (bigint); times and durations are `millis` (number). A record is its fields in order, a vector
 * the type of its elements in brackets.
 */
export type JuteType = JuteScalar | readonly [JuteType] | JuteRecord;

type JuteScalar = "int32" | "int64" | "millis" | "boolean" | "buffer" | "string";

/** A record: each field with its type, in the order of the wire. */
export interface JuteRecord {
  readonly [field: string]: JuteType;
}

/** The value that a type stands for. */
export type ValueOf<T> = T extends "int32" | "millis"
  ? number
  : T extends "int64"
    ? bigint
    : T extends "boolean"
      ? boolean
      : T extends "buffer"
        ? Uint8Array | null
        : T extends "string"
          ? string
          : T extends readonly [infer E]
            ? readonly ValueOf<E>[]
            : { readonly [K in keyof T]: ValueOf<T[K]> };

/** Gives the bytes of records, one behind the other. */
export function encode(...parts: readonly EncodedPart[]): Buffer {
  const writer = new JuteWriter();
  for (const { type, value } of parts) write(writer, type, value);
  return writer.finish();
}

/** A value with its type, checked against each other by `part`. */
export interface EncodedPart {
  readonly type: JuteType;
  readonly value: unknown;
}

/** Binds a value to its type. */
export function part<const T extends JuteType>(type: T, value: ValueOf<T>): EncodedPart {
  return { type, value };
}

/**
 * Reads a value.
 * @throws JuteError when the bytes are not of the type.
 */
export function decode<const T extends JuteType>(reader: JuteReader, type: T): ValueOf<T> {
  return read(reader, type) as ValueOf<T>;
}

function write(writer: JuteWriter, type: JuteType, value: unknown): void {
  if (typeof type === "string") {
    writeScalar(writer, type, value);
  } else if (isVector(type)) {
    const elements = value as readonly unknown[];
    writer.int32(elements.length);
    for (const element of elements) write(writer, type[0], element);
  } else {
    const record = value as Readonly<Record<string, unknown>>;
    for (const [field, fieldType] of Object.entries(type)) write(writer, fieldType, record[field]);
  }
}

function writeScalar(writer: JuteWriter, type: JuteScalar, value: unknown): void {
  switch (type) {
    case "int32":
      return writer.int32(value as number);
    case "int64":
      return writer.int64(value as bigint);
    case "millis":
      return writer.int64(BigInt(value as number));
    case "boolean":
      return writer.boolean(value as boolean);
    case "buffer":
      return writer.buffer(value as Uint8Array | null);
    case "string":
      return writer.string(value as string);
  }
}

function read(reader: JuteReader, type: JuteType): unknown {
  if (typeof type === "string") return readScalar(reader, type);
  if (isVector(type)) {
    const count = reader.vectorLength();
    const elements: unknown[] = [];
    for (let index = 0; index < count; index += 1) elements.push(read(reader, type[0]));
    return elements;
  }
  const record: Record<string, unknown> = {};
  for (const field in type) {
    const fieldType = type[field];
    if (fieldType !== undefined) record[field] = read(reader, fieldType);
  }
  return record;
}

function readScalar(reader: JuteReader, type: JuteScalar): unknown {
  switch (type) {
    case "int32":
      return reader.int32();
    case "int64":
      return reader.int64();
    case "millis":
      return reader.millis();
    case "boolean":
      return reader.boolean();
    case "buffer":
      return reader.buffer();
    case "string":
      return reader.string();
    default:
      return unreachable(type);
  }
}

function isVector(type: JuteType): type is readonly [JuteType] {
  return Array.isArray(type);
}
