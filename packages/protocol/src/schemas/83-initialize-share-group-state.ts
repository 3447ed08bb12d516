import type { ApiSchema } from "../codec/schema.ts";

/** InitializeShareGroupState: sets up the share state of a group's partitions. */
export const InitializeShareGroupState = {
  key: 83,
  name: "InitializeShareGroupState",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string" },
    topics: {
      type: "[]InitializeStateData",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partition: { type: "int32" },
            stateEpoch: { type: "int32" },
            startOffset: { type: "int64" },
          },
        },
      },
    },
  },
  response: {
    results: {
      type: "[]InitializeStateResult",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionResult",
          fields: {
            partition: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
