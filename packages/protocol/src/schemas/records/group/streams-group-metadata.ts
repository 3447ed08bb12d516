import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const lastAssignmentConfig = {
  key: { type: "string" },
  value: { type: "string" },
} as const satisfies Fields;

/** Key of a streams group's epoch in `__consumer_offsets`. */
export const StreamsGroupMetadataKey = {
  name: "StreamsGroupMetadataKey",
  type: "coordinator-key",
  apiKey: 17,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A streams group's epoch in `__consumer_offsets`. */
export const StreamsGroupMetadataValue = {
  name: "StreamsGroupMetadataValue",
  type: "coordinator-value",
  apiKey: 17,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    epoch: { type: "int32" },
    metadataHash: { type: "int64", as: "bigint" },
    validatedTopologyEpoch: { type: "int32", tag: 0, default: -1 },
    lastAssignmentConfigs: {
      type: "[]LastAssignmentConfig",
      nullable: true,
      tag: 1,
      fields: lastAssignmentConfig,
    },
  },
} as const satisfies MessageSchema;
