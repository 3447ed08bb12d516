import type { ApiSchema } from "../codec/schema.ts";

/** OffsetForLeaderEpoch: tells where a leader epoch ended in a partition's log. */
export const OffsetForLeaderEpoch = {
  key: 23,
  name: "OffsetForLeaderEpoch",
  listeners: ["broker"],
  versions: "2-4",
  flexibleVersions: "4+",
  request: {
    replicaId: {
      type: "int32",
      versions: "3+",
      default: -2,
      ignorable: true,
      entityType: "brokerId",
    },
    topics: {
      type: "[]OffsetForLeaderTopic",
      fields: {
        topic: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: {
          type: "[]OffsetForLeaderPartition",
          fields: {
            partition: { type: "int32" },
            currentLeaderEpoch: { type: "int32", default: -1, ignorable: true },
            leaderEpoch: { type: "int32" },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", ignorable: true },
    topics: {
      type: "[]OffsetForLeaderTopicResult",
      fields: {
        topic: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: {
          type: "[]EpochEndOffset",
          fields: {
            errorCode: { type: "int16" },
            partition: { type: "int32" },
            leaderEpoch: { type: "int32", default: -1, ignorable: true },
            endOffset: { type: "int64", default: -1 },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
