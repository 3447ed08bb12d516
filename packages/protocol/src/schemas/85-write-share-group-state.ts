import type { ApiSchema } from "../codec/schema.ts";

/** WriteShareGroupState: writes the share state of a group's partitions. */
export const WriteShareGroupState = {
  key: 85,
  name: "WriteShareGroupState",
  listeners: ["broker"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string" },
    topics: {
      type: "[]WriteStateData",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partition: { type: "int32" },
            stateEpoch: { type: "int32" },
            leaderEpoch: { type: "int32" },
            startOffset: { type: "int64" },
            deliveryCompleteCount: { type: "int32", versions: "1+", default: -1, ignorable: true },
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
  response: {
    results: {
      type: "[]WriteStateResult",
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
