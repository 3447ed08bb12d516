import type { FieldSchema, Fields, Uuid, VersionRange } from "@millrace/protocol";
import { includesVersion, uuidFromBytes } from "@millrace/protocol";
import { defaultOf } from "../../src/codec/field-plan.ts";

/** `full`: everything given, two elements an array. `sparse`: null and empty where allowed. */
export type Shape = "full" | "sparse";

interface Scope {
  readonly version: number;
  readonly shape: Shape;
  readonly path: string;
}

type Value = Readonly<Record<string, unknown>>;

/** Gives the value that decoding the golden bytes has to give, derived from the fields' paths. */
export function sampleValue(
  message: { readonly name: string; readonly fields: Fields },
  version: number,
  shape: Shape,
): Value {
  return structValue(message.fields, { version, shape, path: message.name });
}

function structValue(fields: Fields, scope: Scope): Value {
  const entries = Object.entries(fields).map(([name, field]) => {
    const path = `${scope.path}.${name}`;
    return [name, fieldValue(field, { ...scope, path })] as const;
  });
  return Object.fromEntries(entries);
}

function fieldValue(field: FieldSchema, scope: Scope): unknown {
  if (!isIn(field.versions, scope.version)) return defaultOf(field)();
  if (scope.shape === "sparse") {
    if (field.tag !== undefined && isIn(field.taggedVersions, scope.version)) {
      return defaultOf(field)();
    }
    if (field.nullable !== undefined && isIn(field.nullable, scope.version)) return null;
    if (field.type.startsWith("[]")) return [];
  }
  if (!field.type.startsWith("[]")) return elementValue(field, scope);
  return [0, 1].map((index) => elementValue(field, { ...scope, path: `${scope.path}[${index}]` }));
}

function isIn(range: true | VersionRange | undefined, version: number): boolean {
  return range === undefined || range === true || includesVersion(range, version);
}

function elementValue(field: FieldSchema, scope: Scope): unknown {
  if (field.fields !== undefined) return structValue(field.fields, scope);
  const hash = hashOf(scope.path);
  switch (field.type.replace("[]", "")) {
    case "bool":
      return hash % 2n === 0n;
    case "int8":
      return Number(BigInt.asIntN(8, hash));
    case "int16":
      return Number(BigInt.asIntN(16, hash));
    case "uint16":
      return Number(BigInt.asUintN(16, hash));
    case "int32":
      return Number(BigInt.asIntN(32, hash));
    case "uint32":
      return Number(BigInt.asUintN(32, hash));
    case "int64":
      return int64Value(field, hash);
    case "float64":
      return Number(BigInt.asIntN(20, hash)) + 0.5;
    case "string":
      return scope.shape === "sparse" ? "" : textValue(hash);
    case "uuid":
      return uuidValue(hash);
    default:
      return bytesValue(hash, scope.shape);
  }
}

const safe = BigInt(Number.MAX_SAFE_INTEGER);

function int64Value(field: FieldSchema, hash: bigint): number | bigint {
  if (field.as === "bigint") return BigInt.asIntN(64, hash);
  if (field.as === "saturated" && hash % 2n === 0n) return Number.MAX_SAFE_INTEGER;
  // Of every size, with either sign.
  const size = 8n * (1n + (hash % 7n));
  const value = BigInt.asIntN(Number(size), hash >> 3n);
  return Number(value > safe ? safe : value < -safe ? -safe : value);
}

function textValue(hash: bigint): string {
  // One text in eight needs a compact length of two bytes, one in four is not ASCII.
  const start = hash % 4n === 1n ? "zürich-€-𝄞-" : "text-";
  const text = start + hash.toString(36).slice(0, 6);
  return hash % 8n === 3n ? text.padEnd(200, "long-") : text;
}

function uuidValue(hash: bigint): Uuid {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(hash);
  bytes.writeBigUInt64BE(hashOf(hash.toString()), 8);
  return uuidFromBytes(bytes);
}

function bytesValue(hash: bigint, shape: Shape): Buffer {
  if (shape === "sparse") return Buffer.alloc(0);
  const bytes = Buffer.alloc(8 + Number(hash % 24n));
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number((hash >> BigInt(index)) & 0xffn);
  }
  return bytes;
}

/** FNV-1a of 64 bits, whose low bits are mixed once more. */
function hashOf(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of Buffer.from(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x0000_0100_0000_01b3n);
  }
  return hash ^ (hash >> 29n);
}
