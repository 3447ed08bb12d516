import { MalformedMessageError } from "../protocol-error.ts";
import { defaultOf, planFields } from "./field-plan.ts";
import type { FieldPlan, Scope } from "./field-plan.ts";
import type { Reader } from "./reader.ts";
import type { Fields, PrimitiveType } from "./schema.ts";

/** Reads one value at the reader's position. */
export type Read<T = unknown> = (reader: Reader) => T;

/** A compiled reader, and the least that it consumes. */
export interface CompiledReader<T = unknown> {
  readonly read: Read<T>;
  readonly sizeBytesMin: number;
}

type Struct = Record<string, unknown>;

interface NamedRead {
  readonly name: string;
  readonly read: Read;
}

/** Kafka's own limit of a string: its old length prefix is an int16. */
const stringSizeBytesMax = 0x7fff;
/** No message has more than a dozen tags; unknown ones come from newer peers. */
const taggedFieldCountMax = 10_000;

/** Compiles the reader of a structure: a closure for each field, called one after the other. */
export function compileReader(fields: Fields, scope: Scope): CompiledReader<Struct> {
  const reads: NamedRead[] = [];
  const tagged = new Map<number, NamedRead>();
  let sizeBytesMin = scope.isFlexible ? 1 : 0;
  for (const plan of planFields(fields, scope)) {
    const { name } = plan;
    if (!plan.isPresent) {
      reads.push({ name, read: defaultOf(plan.field) });
    } else if (plan.tag === null) {
      const compiled = compileField(plan, scope);
      reads.push({ name, read: compiled.read });
      sizeBytesMin += compiled.sizeBytesMin;
    } else {
      reads.push({ name, read: defaultOf(plan.field) });
      tagged.set(plan.tag, { name, read: compileField(plan, scope).read });
    }
  }
  const read = scope.isFlexible
    ? readFlexibleStruct(reads, tagged, scope.path)
    : readPlainStruct(reads);
  return { read, sizeBytesMin };
}

function readPlainStruct(reads: readonly NamedRead[]): Read<Struct> {
  return (reader) => {
    const value: Struct = {};
    for (const { name, read } of reads) value[name] = read(reader);
    return value;
  };
}

function readFlexibleStruct(
  reads: readonly NamedRead[],
  tagged: ReadonlyMap<number, NamedRead>,
  path: string,
): Read<Struct> {
  return (reader) => {
    const value: Struct = {};
    for (const { name, read } of reads) value[name] = read(reader);
    const count = reader.uvarint();
    if (count > 0) readTaggedFields({ reader, count, tagged, value, path });
    return value;
  };
}

interface TaggedFields {
  readonly reader: Reader;
  readonly count: number;
  readonly tagged: ReadonlyMap<number, NamedRead>;
  readonly value: Struct;
  readonly path: string;
}

function readTaggedFields({ reader, count, tagged, value, path }: TaggedFields): void {
  // A tagged field takes two bytes at least: its tag and its size.
  if (count > taggedFieldCountMax || count * 2 > reader.remainingBytes) {
    throw new MalformedMessageError(`${path} announces ${count} tagged fields`);
  }
  let previousTag = -1;
  for (let index = 0; index < count; index += 1) {
    const tag = reader.uvarint();
    if (tag <= previousTag) {
      throw new MalformedMessageError(`${path} has tag ${tag} after tag ${previousTag}`);
    }
    previousTag = tag;
    const sizeBytes = reader.uvarint();
    const field = tagged.get(tag);
    // KIP-482: a tag that this version does not know comes from a newer peer and is skipped.
    if (field === undefined) reader.take(sizeBytes);
    else value[field.name] = readTaggedField(reader, sizeBytes, field, path);
  }
}

function readTaggedField(
  reader: Reader,
  sizeBytes: number,
  field: NamedRead,
  path: string,
): unknown {
  const fieldEnd = reader.position + sizeBytes;
  const { end } = reader;
  if (fieldEnd > end) {
    throw new MalformedMessageError(`${path} ${field.name} ends behind the message`);
  }
  reader.end = fieldEnd;
  const value = field.read(reader);
  if (reader.position !== fieldEnd) {
    throw new MalformedMessageError(`${path} ${field.name} is shorter than its tagged size`);
  }
  reader.end = end;
  return value;
}

function compileField(plan: FieldPlan, scope: Scope): CompiledReader {
  if (plan.isArray) return compileArray(plan, scope);
  if (plan.primitive !== null) return compilePrimitive(plan, plan.primitive);
  const struct = compileReader(plan.field.fields ?? {}, { ...scope, path: plan.path });
  return plan.isNullable ? compileNullableStruct(struct, plan.tag !== null) : struct;
}

function compileNullableStruct({ read }: CompiledReader, isTagged: boolean): CompiledReader {
  // A nullable structure begins with a mark: 1 for a value, for null 0 in a tagged field, else -1.
  const nullMarkMax = isTagged ? 0 : -1;
  return {
    read: (reader) => (reader.int8() <= nullMarkMax ? null : read(reader)),
    sizeBytesMin: 1,
  };
}

function compileArray(plan: FieldPlan, scope: Scope): CompiledReader {
  const element =
    plan.primitive === null
      ? compileReader(plan.field.fields ?? {}, { ...scope, path: `${plan.path}[]` })
      : compilePrimitive({ ...plan, isNullable: false, path: `${plan.path}[]` }, plan.primitive);
  const { read } = element;
  const elementSizeBytesMin = Math.max(element.sizeBytesMin, 1);
  const count = compileLength(plan, 4);
  const readArray = (reader: Reader) => {
    const length = count.read(reader);
    if (length < 0) return null;
    reader.checkElements(length, elementSizeBytesMin);
    const values: unknown[] = [];
    for (let index = 0; index < length; index += 1) values.push(read(reader));
    return values;
  };
  return { read: readArray, sizeBytesMin: count.sizeBytesMin };
}

/** Compiles a length prefix, which gives -1 for null where the field may be null. */
function compileLength(plan: FieldPlan, oldSizeBytes: 2 | 4): CompiledReader<number> {
  const { path, isNullable } = plan;
  const check = (length: number) => {
    if (length < 0 && !(isNullable && length === -1)) {
      throw new MalformedMessageError(
        length === -1 ? `${path} is null` : `${path} has the length ${length}`,
      );
    }
    return length;
  };
  if (plan.isCompact) return { read: (reader) => check(reader.uvarint() - 1), sizeBytesMin: 1 };
  if (oldSizeBytes === 2) return { read: (reader) => check(reader.int16()), sizeBytesMin: 2 };
  return { read: (reader) => check(reader.int32()), sizeBytesMin: 4 };
}

function compilePrimitive(plan: FieldPlan, type: PrimitiveType): CompiledReader {
  switch (type) {
    case "bool":
      return { read: (reader) => reader.int8() !== 0, sizeBytesMin: 1 };
    case "int8":
      return { read: (reader) => reader.int8(), sizeBytesMin: 1 };
    case "int16":
      return { read: (reader) => reader.int16(), sizeBytesMin: 2 };
    case "uint16":
      return { read: (reader) => reader.uint16(), sizeBytesMin: 2 };
    case "int32":
      return { read: (reader) => reader.int32(), sizeBytesMin: 4 };
    case "uint32":
      return { read: (reader) => reader.uint32(), sizeBytesMin: 4 };
    case "int64":
      return compileInt64(plan);
    case "float64":
      return { read: (reader) => reader.float64(), sizeBytesMin: 8 };
    case "uuid":
      return { read: (reader) => reader.uuid(), sizeBytesMin: 16 };
    case "string":
      return compileString(plan);
    case "bytes":
    case "records":
      return compileBytes(plan);
  }
}

function compileInt64({ field }: FieldPlan): CompiledReader {
  if (field.as === "bigint") return { read: (reader) => reader.bigint64(), sizeBytesMin: 8 };
  if (field.as === "saturated") {
    return { read: (reader) => reader.saturatedInt64(), sizeBytesMin: 8 };
  }
  return { read: (reader) => reader.int64(), sizeBytesMin: 8 };
}

function compileString(plan: FieldPlan): CompiledReader {
  const length = compileLength(plan, 2);
  const read = (reader: Reader) => {
    const sizeBytes = length.read(reader);
    if (sizeBytes < 0) return null;
    if (sizeBytes > stringSizeBytesMax) {
      throw new MalformedMessageError(`${plan.path} is a string of ${sizeBytes} bytes`);
    }
    return reader.text(sizeBytes);
  };
  return { read, sizeBytesMin: length.sizeBytesMin };
}

function compileBytes(plan: FieldPlan): CompiledReader {
  const length = compileLength(plan, 4);
  const read = (reader: Reader) => {
    const sizeBytes = length.read(reader);
    return sizeBytes < 0 ? null : reader.view(sizeBytes);
  };
  return { read, sizeBytesMin: length.sizeBytesMin };
}
