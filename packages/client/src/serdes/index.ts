export { buffer, double, int32, int64, json, string, uuid } from "./builtin.ts";
export { notNull } from "./not-null.ts";
export { schema } from "./schema.ts";
export type {
  Deserializer,
  RecordPart,
  Serde,
  SerdeContext,
  SerdeHeaders,
  Serializer,
  ValueOf,
} from "./serde.ts";
export type { StandardSchema } from "./standard-schema.ts";
