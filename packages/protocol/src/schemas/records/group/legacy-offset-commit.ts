import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a committed offset, in the oldest form in `__consumer_offsets`. */
export const LegacyOffsetCommitKey = {
  name: "LegacyOffsetCommitKey",
  type: "coordinator-key",
  apiKey: 0,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    group: { type: "string" },
    topic: { type: "string" },
    partition: { type: "int32" },
  },
} as const satisfies MessageSchema;

/** A committed offset, in the oldest form in `__consumer_offsets`. */
export const LegacyOffsetCommitValue = {
  name: "LegacyOffsetCommitValue",
  type: "coordinator-value",
  apiKey: 0,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    offset: { type: "int64", as: "saturated" },
    metadata: { type: "string" },
    commitTimestamp: { type: "int64" },
  },
} as const satisfies MessageSchema;
