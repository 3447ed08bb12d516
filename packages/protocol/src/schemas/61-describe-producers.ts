import type { ApiSchema } from "../codec/schema.ts";

/** DescribeProducers: lists the active producers of partitions. */
export const DescribeProducers = {
  key: 61,
  name: "DescribeProducers",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    topics: {
      type: "[]TopicRequest",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitionIndexes: { type: "[]int32" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    topics: {
      type: "[]TopicResponse",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionResponse",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
            activeProducers: {
              type: "[]ProducerState",
              fields: {
                producerId: { type: "int64", entityType: "producerId", as: "bigint" },
                producerEpoch: { type: "int32" },
                lastSequence: { type: "int32", default: -1 },
                lastTimestamp: { type: "int64", default: -1, as: "saturated" },
                coordinatorEpoch: { type: "int32" },
                currentTxnStartOffset: { type: "int64", default: -1 },
              },
            },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
