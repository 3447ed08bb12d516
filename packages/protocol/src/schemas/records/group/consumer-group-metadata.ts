import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a consumer group's epoch in `__consumer_offsets`. */
export const ConsumerGroupMetadataKey = {
  name: "ConsumerGroupMetadataKey",
  type: "coordinator-key",
  apiKey: 3,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A consumer group's epoch in `__consumer_offsets`. */
export const ConsumerGroupMetadataValue = {
  name: "ConsumerGroupMetadataValue",
  type: "coordinator-value",
  apiKey: 3,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    epoch: { type: "int32" },
    metadataHash: { type: "int64", tag: 0, default: 0n, as: "bigint" },
  },
} as const satisfies MessageSchema;
