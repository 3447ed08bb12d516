import type { ApiSchema } from "../codec/schema.ts";

/** OffsetFetch: reads the offsets that groups have committed. */
export const OffsetFetch = {
  key: 9,
  name: "OffsetFetch",
  listeners: ["broker"],
  versions: "1-10",
  flexibleVersions: "6+",
  request: {
    groupId: { type: "string", versions: "1-7", entityType: "groupId" },
    topics: {
      type: "[]OffsetFetchRequestTopic",
      versions: "1-7",
      nullable: "2-7",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitionIndexes: { type: "[]int32" },
      },
    },
    groups: {
      type: "[]OffsetFetchRequestGroup",
      versions: "8+",
      fields: {
        groupId: { type: "string", entityType: "groupId" },
        memberId: {
          type: "string",
          versions: "9+",
          nullable: true,
          default: null,
          ignorable: true,
        },
        memberEpoch: { type: "int32", versions: "9+", default: -1, ignorable: true },
        topics: {
          type: "[]OffsetFetchRequestTopics",
          nullable: true,
          fields: {
            name: { type: "string", versions: "8-9", ignorable: true, entityType: "topicName" },
            topicId: { type: "uuid", versions: "10+", ignorable: true },
            partitionIndexes: { type: "[]int32" },
          },
        },
      },
    },
    requireStable: { type: "bool", versions: "7+", default: false },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "3+", ignorable: true },
    topics: {
      type: "[]OffsetFetchResponseTopic",
      versions: "1-7",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]OffsetFetchResponsePartition",
          fields: {
            partitionIndex: { type: "int32" },
            committedOffset: { type: "int64", as: "saturated" },
            committedLeaderEpoch: { type: "int32", versions: "5-7", default: -1, ignorable: true },
            metadata: { type: "string", nullable: true },
            errorCode: { type: "int16" },
          },
        },
      },
    },
    errorCode: { type: "int16", versions: "2-7", default: 0, ignorable: true },
    groups: {
      type: "[]OffsetFetchResponseGroup",
      versions: "8+",
      fields: {
        groupId: { type: "string", entityType: "groupId" },
        topics: {
          type: "[]OffsetFetchResponseTopics",
          fields: {
            name: { type: "string", versions: "8-9", ignorable: true, entityType: "topicName" },
            topicId: { type: "uuid", versions: "10+", ignorable: true },
            partitions: {
              type: "[]OffsetFetchResponsePartitions",
              fields: {
                partitionIndex: { type: "int32" },
                committedOffset: { type: "int64", as: "saturated" },
                committedLeaderEpoch: { type: "int32", default: -1, ignorable: true },
                metadata: { type: "string", nullable: true },
                errorCode: { type: "int16" },
              },
            },
          },
        },
        errorCode: { type: "int16", default: 0 },
      },
    },
  },
} as const satisfies ApiSchema;
