import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of the epoch of a consumer group's target assignment in `__consumer_offsets`. */
export const ConsumerGroupTargetAssignmentMetadataKey = {
  name: "ConsumerGroupTargetAssignmentMetadataKey",
  type: "coordinator-key",
  apiKey: 6,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The epoch of a consumer group's target assignment in `__consumer_offsets`. */
export const ConsumerGroupTargetAssignmentMetadataValue = {
  name: "ConsumerGroupTargetAssignmentMetadataValue",
  type: "coordinator-value",
  apiKey: 6,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    assignmentEpoch: { type: "int32" },
    assignmentTimestamp: { type: "int64", tag: 0, default: 0, ignorable: true },
  },
} as const satisfies MessageSchema;
