import type { ApiSchema } from "../codec/schema.ts";

/** ListOffsets: finds offsets by timestamp, and the first and last of a partition. */
export const ListOffsets = {
  key: 2,
  name: "ListOffsets",
  listeners: ["broker"],
  versions: "1-11",
  flexibleVersions: "6+",
  request: {
    replicaId: { type: "int32", entityType: "brokerId" },
    isolationLevel: { type: "int8", versions: "2+" },
    topics: {
      type: "[]ListOffsetsTopic",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]ListOffsetsPartition",
          fields: {
            partitionIndex: { type: "int32" },
            currentLeaderEpoch: { type: "int32", versions: "4+", default: -1, ignorable: true },
            timestamp: { type: "int64", as: "saturated" },
          },
        },
      },
    },
    timeoutMs: { type: "int32", versions: "10+", ignorable: true },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "2+", ignorable: true },
    topics: {
      type: "[]ListOffsetsTopicResponse",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]ListOffsetsPartitionResponse",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            timestamp: { type: "int64", default: -1, as: "saturated" },
            offset: { type: "int64", default: -1 },
            leaderEpoch: { type: "int32", versions: "4+", default: -1 },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
