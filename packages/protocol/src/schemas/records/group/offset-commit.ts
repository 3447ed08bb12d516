import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a committed offset in `__consumer_offsets`. */
export const OffsetCommitKey = {
  name: "OffsetCommitKey",
  type: "coordinator-key",
  apiKey: 1,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    group: { type: "string" },
    topic: { type: "string" },
    partition: { type: "int32" },
  },
} as const satisfies MessageSchema;

/** A committed offset in `__consumer_offsets`. */
export const OffsetCommitValue = {
  name: "OffsetCommitValue",
  type: "coordinator-value",
  apiKey: 1,
  versions: "0-4",
  flexibleVersions: "4+",
  fields: {
    offset: { type: "int64", as: "saturated" },
    leaderEpoch: { type: "int32", versions: "3+", default: -1, ignorable: true },
    metadata: { type: "string" },
    commitTimestamp: { type: "int64" },
    expireTimestamp: {
      type: "int64",
      versions: "1",
      default: -1,
      ignorable: true,
      as: "saturated",
    },
    topicId: { type: "uuid", versions: "4+", tag: 0, ignorable: true },
  },
} as const satisfies MessageSchema;
