import type { ApiSchema } from "../codec/schema.ts";

/** ReadShareGroupState: reads the share state of a group's partitions. */
export const ReadShareGroupState = {
  key: 84,
  name: "ReadShareGroupState",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string" },
    topics: {
      type: "[]ReadStateData",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partition: { type: "int32" },
            leaderEpoch: { type: "int32" },
          },
        },
      },
    },
  },
  response: {
    results: {
      type: "[]ReadStateResult",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionResult",
          fields: {
            partition: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
            stateEpoch: { type: "int32" },
            startOffset: { type: "int64" },
            stateBatches: {
              type: "[]StateBatch",
              fields: {
                firstOffset: { type: "int64" },
                lastOffset: { type: "int64" },
                deliveryState: { type: "int8" },
                deliveryCount: { type: "int16" },
              },
            },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
