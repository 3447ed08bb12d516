import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a share group's epoch in `__consumer_offsets`. */
export const ShareGroupMetadataKey = {
  name: "ShareGroupMetadataKey",
  type: "coordinator-key",
  apiKey: 11,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A share group's epoch in `__consumer_offsets`. */
export const ShareGroupMetadataValue = {
  name: "ShareGroupMetadataValue",
  type: "coordinator-value",
  apiKey: 11,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    epoch: { type: "int32" },
    metadataHash: { type: "int64", as: "bigint" },
  },
} as const satisfies MessageSchema;
