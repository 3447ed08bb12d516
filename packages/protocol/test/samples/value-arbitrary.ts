import type { FieldSchema, Fields, VersionRange } from "@millrace/protocol";
import { includesVersion, uuidFromBytes } from "@millrace/protocol";
import fc from "fast-check";
import { defaultOf } from "../../src/codec/field-plan.ts";

const arrayLengthMax = 3;
const bytesLengthMax = 40;
const longMax = 2n ** 63n - 1n;

/** Gives any value that decoding a version of a message can give. */
export function valueArbitrary(fields: Fields, version: number): fc.Arbitrary<object> {
  const parts = Object.entries(fields).map(
    ([name, field]) => [name, fieldArbitrary(field, version)] as const,
  );
  return fc.record(Object.fromEntries(parts), { noNullPrototype: true });
}

function fieldArbitrary(field: FieldSchema, version: number): fc.Arbitrary<unknown> {
  if (!isIn(field.versions, version)) return fc.constant(null).map(defaultOf(field));
  const element = elementArbitrary(field, version);
  const value = field.type.startsWith("[]")
    ? fc.array(element, { maxLength: arrayLengthMax })
    : element;
  const isNullable = field.nullable !== undefined && isIn(field.nullable, version);
  const given = isNullable ? fc.option(value, { freq: 4 }) : value;
  // A tagged field is left out of the bytes when it has its default.
  return field.tag === undefined ? given : fc.oneof(given, fc.constant(null).map(defaultOf(field)));
}

function isIn(range: true | VersionRange | undefined, version: number): boolean {
  return range === undefined || range === true || includesVersion(range, version);
}

function elementArbitrary(field: FieldSchema, version: number): fc.Arbitrary<unknown> {
  if (field.fields !== undefined) return valueArbitrary(field.fields, version);
  switch (field.type.replace("[]", "")) {
    case "bool":
      return fc.boolean();
    case "int8":
      return fc.integer({ min: -0x80, max: 0x7f });
    case "int16":
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case "uint16":
      return fc.integer({ min: 0, max: 0xffff });
    case "int32":
      return fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
    case "uint32":
      return fc.integer({ min: 0, max: 0xffff_ffff });
    case "int64":
      return field.as === "bigint"
        ? fc.bigInt({ min: -longMax - 1n, max: longMax })
        : fc.maxSafeInteger();
    case "float64":
      return fc.double();
    case "string":
      return fc.string({ unit: "grapheme", maxLength: bytesLengthMax });
    case "uuid":
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map(uuidFromBytes);
    default:
      return fc
        .uint8Array({ maxLength: bytesLengthMax })
        .map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  }
}
