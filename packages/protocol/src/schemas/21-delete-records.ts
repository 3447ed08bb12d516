import type { ApiSchema } from "../codec/schema.ts";

/** DeleteRecords: moves a partition's log start offset forward. */
export const DeleteRecords = {
  key: 21,
  name: "DeleteRecords",
  listeners: ["broker"],
  versions: "0-2",
  flexibleVersions: "2+",
  request: {
    topics: {
      type: "[]DeleteRecordsTopic",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]DeleteRecordsPartition",
          fields: {
            partitionIndex: { type: "int32" },
            offset: { type: "int64", as: "saturated" },
          },
        },
      },
    },
    timeoutMs: { type: "int32" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    topics: {
      type: "[]DeleteRecordsTopicResult",
      fields: {
        name: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: {
          type: "[]DeleteRecordsPartitionResult",
          fields: {
            partitionIndex: { type: "int32", mapKey: true },
            lowWatermark: { type: "int64" },
            errorCode: { type: "int16" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
