import type { ApiSchema } from "../codec/schema.ts";

/** WriteTxnMarkers: writes the markers that end transactions. */
export const WriteTxnMarkers = {
  key: 27,
  name: "WriteTxnMarkers",
  listeners: ["broker"],
  versions: "1-2",
  flexibleVersions: "1+",
  request: {
    markers: {
      type: "[]WritableTxnMarker",
      fields: {
        producerId: { type: "int64", entityType: "producerId", as: "bigint" },
        producerEpoch: { type: "int16" },
        transactionResult: { type: "bool" },
        topics: {
          type: "[]WritableTxnMarkerTopic",
          fields: {
            name: { type: "string", entityType: "topicName" },
            partitionIndexes: { type: "[]int32" },
          },
        },
        coordinatorEpoch: { type: "int32" },
        transactionVersion: { type: "int8", versions: "2+", default: 0, ignorable: true },
      },
    },
  },
  response: {
    markers: {
      type: "[]WritableTxnMarkerResult",
      fields: {
        producerId: { type: "int64", entityType: "producerId", as: "bigint" },
        topics: {
          type: "[]WritableTxnMarkerTopicResult",
          fields: {
            name: { type: "string", entityType: "topicName" },
            partitions: {
              type: "[]WritableTxnMarkerPartitionResult",
              fields: {
                partitionIndex: { type: "int32" },
                errorCode: { type: "int16" },
              },
            },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
