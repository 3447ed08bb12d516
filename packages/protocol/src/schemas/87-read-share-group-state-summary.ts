import type { ApiSchema } from "../codec/schema.ts";

/** ReadShareGroupStateSummary: reads the start offsets of the share state of partitions. */
export const ReadShareGroupStateSummary = {
  key: 87,
  name: "ReadShareGroupStateSummary",
  listeners: ["broker"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string" },
    topics: {
      type: "[]ReadStateSummaryData",
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
      type: "[]ReadStateSummaryResult",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionResult",
          fields: {
            partition: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
            stateEpoch: { type: "int32" },
            leaderEpoch: { type: "int32" },
            startOffset: { type: "int64" },
            deliveryCompleteCount: { type: "int32", versions: "1+", default: -1, ignorable: true },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
