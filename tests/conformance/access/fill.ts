import { type Fields, type FieldSchema, includesVersion, ZERO_UUID } from "@millrace/protocol";

/** Fills what a request leaves out, so that only what matters stands in a table of requests. */
export function filled(fields: Fields, version: number, given: object): object {
  const values = new Map<string, unknown>(Object.entries(given));
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
      const value = values.get(name);
      const { fields: inner } = field;
      if (Array.isArray(value) && inner !== undefined) {
        return [[name, value.map((each: object) => filled(inner, version, each))]];
      }
      if (value !== undefined) return [[name, value]];
      if (field.versions !== undefined && !includesVersion(field.versions, version)) return [];
      const isStruct = inner !== undefined && !field.type.startsWith("[]");
      return field.default === undefined && !isStruct ? [[name, blank(field)]] : [];
    }),
  );
}

function blank(field: FieldSchema): unknown {
  if (field.nullable !== undefined) return null;
  if (field.type.startsWith("[]")) return [];
  if (field.as === "bigint") return 0n;
  if (field.type === "string") return "";
  if (field.type === "bool") return false;
  if (field.type === "uuid") return ZERO_UUID;
  return field.type === "bytes" || field.type === "records" ? Buffer.alloc(0) : 0;
}
