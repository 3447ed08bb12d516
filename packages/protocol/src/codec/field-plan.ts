import type { FieldSchema, Fields, PrimitiveType, VersionRange } from "./schema.ts";
import { ZERO_UUID } from "../primitives.ts";
import { includesVersion } from "./version-range.ts";

/** Where a structure is compiled: which version, and how to name it in an error. */
export interface Scope {
  readonly path: string;
  readonly version: number;
  readonly isFlexible: boolean;
}

/** One field as one version has it. */
export interface FieldPlan {
  readonly name: string;
  readonly field: FieldSchema;
  readonly path: string;
  /** The version carries the field. */
  readonly isPresent: boolean;
  readonly isNullable: boolean;
  /** The field's tag in this version; `null` if it stands in the body or is not carried. */
  readonly tag: number | null;
  /** It may be left out when a value is given. */
  readonly isOmissible: boolean;
  /** Lengths of this field are compact. */
  readonly isCompact: boolean;
  readonly isArray: boolean;
  /** The type of the field or of its elements; `null` for a structure. */
  readonly primitive: PrimitiveType | null;
}

function includes(range: true | VersionRange | undefined, version: number): boolean {
  if (range === undefined) return false;
  return range === true || includesVersion(range, version);
}

/** Says for each field of a structure what one version makes of it. */
export function planFields(fields: Fields, scope: Scope): readonly FieldPlan[] {
  return Object.entries(fields).map(([name, field]) => planField(name, field, scope));
}

function planField(name: string, field: FieldSchema, scope: Scope): FieldPlan {
  const isPresent = field.versions === undefined || includesVersion(field.versions, scope.version);
  const isArray = field.type.startsWith("[]");
  const element = isArray ? field.type.slice(2) : field.type;
  const isTagged =
    isPresent &&
    scope.isFlexible &&
    field.tag !== undefined &&
    (field.taggedVersions === undefined || includesVersion(field.taggedVersions, scope.version));
  return {
    name,
    field,
    path: `${scope.path} ${name}`,
    isPresent,
    isNullable: isPresent && includes(field.nullable, scope.version),
    tag: isTagged ? (field.tag ?? null) : null,
    isOmissible:
      field.default !== undefined || field.versions !== undefined || field.tag !== undefined,
    isCompact: scope.isFlexible && field.flexible !== false,
    isArray,
    primitive: field.fields === undefined ? (element as PrimitiveType) : null,
  };
}

const emptyBytes = Buffer.alloc(0);

/**
 * Gives a function that makes a field's default: the declared one, else Kafka's for the type
 * (0, "", no elements, a structure of defaults; null for records).
 */
export function defaultOf(field: FieldSchema): () => unknown {
  if (field.default === null) return () => null;
  if (field.type.startsWith("[]")) return () => [];
  if (field.fields !== undefined) {
    const defaults = Object.entries(field.fields).map(
      ([name, inner]) => [name, defaultOf(inner)] as const,
    );
    return () => Object.fromEntries(defaults.map(([name, make]) => [name, make()]));
  }
  const value = field.default ?? primitiveDefault(field);
  return () => value;
}

function primitiveDefault(field: FieldSchema): unknown {
  switch (field.type) {
    case "bool":
      return false;
    case "string":
      return "";
    case "uuid":
      return ZERO_UUID;
    case "bytes":
      return emptyBytes;
    case "records":
      return null;
    default:
      return field.as === "bigint" ? 0n : 0;
  }
}
