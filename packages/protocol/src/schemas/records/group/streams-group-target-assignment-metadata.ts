import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of the epoch of a streams group's target assignment in `__consumer_offsets`. */
export const StreamsGroupTargetAssignmentMetadataKey = {
  name: "StreamsGroupTargetAssignmentMetadataKey",
  type: "coordinator-key",
  apiKey: 20,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The epoch of a streams group's target assignment in `__consumer_offsets`. */
export const StreamsGroupTargetAssignmentMetadataValue = {
  name: "StreamsGroupTargetAssignmentMetadataValue",
  type: "coordinator-value",
  apiKey: 20,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    assignmentEpoch: { type: "int32" },
    assignmentTimestamp: { type: "int64", tag: 0, default: 0, ignorable: true },
  },
} as const satisfies MessageSchema;
