import type { FieldSchema, Fields, VersionRange } from "@millrace/protocol";
import { includesVersion } from "@millrace/protocol";

const longMax = "9223372036854775807";

/** Writes a value in the JSON form that Kafka's own JsonConverter classes read. */
export function kafkaJson(fields: Fields, version: number, value: unknown): string {
  const struct = value as Readonly<Record<string, unknown>>;
  const members = Object.entries(fields)
    .filter(([, field]) => isIn(field.versions, version))
    .map(([name, field]) => `${JSON.stringify(name)}:${fieldJson(field, version, struct[name])}`);
  return `{${members.join(",")}}`;
}

function isIn(range: VersionRange | undefined, version: number): boolean {
  return range === undefined || includesVersion(range, version);
}

function fieldJson(field: FieldSchema, version: number, value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) {
    return `[${value.map((element) => elementJson(field, version, element)).join(",")}]`;
  }
  return elementJson(field, version, value);
}

function elementJson(field: FieldSchema, version: number, value: unknown): string {
  if (field.fields !== undefined) return kafkaJson(field.fields, version, value);
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString("base64"));
  if (field.as === "saturated" && value === Number.MAX_SAFE_INTEGER) return longMax;
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
