import { UnencodableMessageError } from "../protocol-error.ts";
import { isUuid } from "../primitives.ts";
import { defaultOf, planFields } from "./field-plan.ts";
import type { FieldPlan, Scope } from "./field-plan.ts";
import type { Fields, PrimitiveType } from "./schema.ts";
import type { Writer } from "./writer.ts";

/** Writes one value behind what the writer has. */
export type Write = (writer: Writer, value: unknown) => void;

type Struct = Readonly<Record<string, unknown>>;

interface NamedWrite {
  readonly name: string;
  readonly write: Write;
}

interface TaggedWrite extends NamedWrite {
  readonly tag: number;
  readonly isDefault: (value: unknown) => boolean;
}

const stringSizeBytesMax = 0x7fff;
const longMax = 0x7fff_ffff_ffff_ffffn;
/** A text of up to 42 UTF-16 units has at most 126 bytes, whose compact length is one byte. */
const shortTextLengthMax = 42;

/** Compiles the writer of a structure: a closure for each field, called one after the other. */
export function compileWriter(fields: Fields, scope: Scope): Write {
  const writes: NamedWrite[] = [];
  const tagged: TaggedWrite[] = [];
  for (const plan of planFields(fields, scope)) {
    const { name } = plan;
    if (!plan.isPresent) {
      if (plan.field.ignorable !== true) writes.push({ name, write: refuseUnlessDefault(plan) });
    } else if (plan.tag === null) {
      writes.push({ name, write: compileGiven(plan, scope) });
    } else {
      const write = compileField(plan, scope);
      tagged.push({ name, write, tag: plan.tag, isDefault: isDefaultOf(plan) });
    }
  }
  tagged.sort((left, right) => left.tag - right.tag);
  return (writer, value) => {
    const struct = value as Struct;
    for (const { name, write } of writes) write(writer, struct[name]);
    if (scope.isFlexible) writeTaggedFields(writer, tagged, struct);
  };
}

function writeTaggedFields(writer: Writer, tagged: readonly TaggedWrite[], struct: Struct): void {
  let count = 0;
  for (const { name, isDefault } of tagged) if (!isDefault(struct[name])) count += 1;
  writer.uvarint(count);
  if (count === 0) return;
  for (const { name, tag, write, isDefault } of tagged) {
    const value = struct[name];
    if (isDefault(value)) continue;
    writer.uvarint(tag);
    const { position, sizeBytes } = writer;
    write(writer, value);
    writer.insertUvarint(position, writer.sizeBytes - sizeBytes);
  }
}

/** A field that the version lacks may only hold its default: else data would be lost in silence. */
function refuseUnlessDefault(plan: FieldPlan): Write {
  const isDefault = isDefaultOf(plan);
  return (_writer, value) => {
    if (!isDefault(value)) {
      throw new UnencodableMessageError(
        `${plan.path} is given, but this version has no such field`,
      );
    }
  };
}

function isDefaultOf({ field }: FieldPlan): (value: unknown) => boolean {
  const standard = defaultOf(field)();
  return (value) => value === undefined || isSame(value, standard);
}

function isSame(value: unknown, standard: unknown): boolean {
  if (value === standard) return true;
  if (typeof value !== "object" || typeof standard !== "object") return false;
  if (value === null || standard === null) return false;
  if (value instanceof Uint8Array) return standard instanceof Uint8Array && value.length === 0;
  if (Array.isArray(value)) {
    return (Array.isArray(standard) || standard instanceof Uint8Array) && value.length === 0;
  }
  const given = value as Struct;
  return Object.entries(standard).every(
    ([name, inner]) => given[name] === undefined || isSame(given[name], inner),
  );
}

/** Puts the default where a value is not given, and null's mark where it is null. */
function compileGiven(plan: FieldPlan, scope: Scope): Write {
  const write = compileField(plan, scope);
  if (!plan.isOmissible) return write;
  const makeDefault = defaultOf(plan.field);
  return (writer, value) => write(writer, value === undefined ? makeDefault() : value);
}

function refuse(plan: FieldPlan, value: unknown): never {
  throw new UnencodableMessageError(`${plan.path} ${describe(value)}`);
}

function describe(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "is not given";
    case "number":
    case "bigint":
    case "boolean":
      return `cannot be ${value}`;
    case "string":
      return `cannot be ${JSON.stringify(value)}`;
    default:
      return value === null ? "cannot be null" : `cannot be a value of type ${typeof value}`;
  }
}

function compileField(plan: FieldPlan, scope: Scope): Write {
  if (plan.isArray) return compileArray(plan, scope);
  if (plan.primitive !== null) return compilePrimitive(plan, plan.primitive);
  const write = compileWriter(plan.field.fields ?? {}, { ...scope, path: plan.path });
  if (!plan.isNullable) {
    return (writer, value) => {
      if (typeof value !== "object" || value === null) refuse(plan, value);
      write(writer, value);
    };
  }
  // The mark of null is 0 in a tagged field, and -1 anywhere else.
  const nullMark = plan.tag === null ? -1 : 0;
  return (writer, value) => {
    if (value === null) {
      writer.int8(nullMark);
      return;
    }
    if (typeof value !== "object") refuse(plan, value);
    writer.int8(1);
    write(writer, value);
  };
}

function compileArray(plan: FieldPlan, scope: Scope): Write {
  const path = `${plan.path}[]`;
  const write =
    plan.primitive === null
      ? compileWriter(plan.field.fields ?? {}, { ...scope, path })
      : compilePrimitive({ ...plan, isNullable: false, path }, plan.primitive);
  const writeLength = compileLength(plan);
  return (writer, value) => {
    if (value === null && plan.isNullable) {
      writeLength(writer, -1);
      return;
    }
    if (!Array.isArray(value)) refuse(plan, value);
    writeLength(writer, value.length);
    for (const element of value as unknown[]) write(writer, element);
  };
}

/** The length prefix of an array or of bytes; -1 stands for null. */
function compileLength({ isCompact }: FieldPlan): (writer: Writer, length: number) => void {
  return isCompact
    ? (writer, length) => writer.uvarint(length + 1)
    : (writer, length) => writer.int32(length);
}

function compilePrimitive(plan: FieldPlan, type: PrimitiveType): Write {
  switch (type) {
    case "bool":
      return (writer, value) => {
        if (typeof value !== "boolean") refuse(plan, value);
        writer.int8(value ? 1 : 0);
      };
    case "int8":
      return compileInteger(plan, { min: -0x80, max: 0x7f }, (writer, value) => writer.int8(value));
    case "int16":
      return compileInteger(plan, { min: -0x8000, max: 0x7fff }, writeInt16);
    case "uint16":
      return compileInteger(plan, { min: 0, max: 0xffff }, writeInt16);
    case "int32":
      return compileInteger(plan, { min: -0x8000_0000, max: 0x7fff_ffff }, writeInt32);
    case "uint32":
      return compileInteger(plan, { min: 0, max: 0xffff_ffff }, writeInt32);
    case "int64":
      return compileInt64(plan);
    case "float64":
      return (writer, value) => {
        if (typeof value !== "number") refuse(plan, value);
        writer.float64(value);
      };
    case "uuid":
      return (writer, value) => {
        if (typeof value !== "string" || !isUuid(value)) refuse(plan, value);
        writer.uuid(value);
      };
    case "string":
      return plan.isCompact ? compileCompactString(plan) : compileString(plan);
    case "bytes":
    case "records":
      return compileBytes(plan);
  }
}

const writeInt16 = (writer: Writer, value: number) => writer.int16(value);
const writeInt32 = (writer: Writer, value: number) => writer.int32(value);

function compileInteger(
  plan: FieldPlan,
  { min, max }: { readonly min: number; readonly max: number },
  write: (writer: Writer, value: number) => void,
): Write {
  return (writer, value) => {
    if (!Number.isInteger(value)) refuse(plan, value);
    const integer = value as number;
    if (integer < min || integer > max) refuse(plan, value);
    write(writer, integer);
  };
}

function compileInt64(plan: FieldPlan): Write {
  if (plan.field.as === "bigint") {
    return (writer, value) => {
      if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) refuse(plan, value);
      writer.bigint64(value);
    };
  }
  const isSaturated = plan.field.as === "saturated";
  return (writer, value) => {
    if (!Number.isSafeInteger(value)) refuse(plan, value);
    const integer = value as number;
    if (isSaturated && integer === Number.MAX_SAFE_INTEGER) writer.bigint64(longMax);
    else writer.int64(integer);
  };
}

function compileString(plan: FieldPlan): Write {
  return (writer, value) => {
    if (value === null && plan.isNullable) {
      writer.int16(-1);
      return;
    }
    if (typeof value !== "string") refuse(plan, value);
    const { position } = writer;
    const sizeBytes = writer.text(value, 2);
    if (sizeBytes > stringSizeBytesMax) refuseLength(plan, sizeBytes);
    writer.int16At(position, sizeBytes);
  };
}

function compileCompactString(plan: FieldPlan): Write {
  return (writer, value) => {
    if (value === null && plan.isNullable) {
      writer.uvarint(0);
      return;
    }
    if (typeof value !== "string") refuse(plan, value);
    const { position } = writer;
    if (value.length <= shortTextLengthMax) {
      const sizeBytes = writer.text(value, 1);
      writer.int8At(position, sizeBytes + 1);
      return;
    }
    const sizeBytes = writer.text(value, 0);
    if (sizeBytes > stringSizeBytesMax) refuseLength(plan, sizeBytes);
    writer.insertUvarint(position, sizeBytes + 1);
  };
}

function refuseLength(plan: FieldPlan, sizeBytes: number): never {
  throw new UnencodableMessageError(`${plan.path} is a string of ${sizeBytes} bytes`);
}

function compileBytes(plan: FieldPlan): Write {
  const writeLength = compileLength(plan);
  return (writer, value) => {
    if (value === null && plan.isNullable) {
      writeLength(writer, -1);
      return;
    }
    if (value instanceof Uint8Array) {
      writeLength(writer, value.byteLength);
      if (value.byteLength > 0) writer.insert([value]);
      return;
    }
    if (!Array.isArray(value)) refuse(plan, value);
    const chunks = value as readonly Uint8Array[];
    let sizeBytes = 0;
    for (const chunk of chunks) sizeBytes += chunk.byteLength;
    writeLength(writer, sizeBytes);
    if (sizeBytes > 0) writer.insert(chunks);
  };
}
