import type { ApiSchema } from "../codec/schema.ts";

/** DescribeShareGroupOffsets: reads the offsets of share groups. */
export const DescribeShareGroupOffsets = {
  key: 90,
  name: "DescribeShareGroupOffsets",
  listeners: ["broker"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    groups: {
      type: "[]DescribeShareGroupOffsetsRequestGroup",
      fields: {
        groupId: { type: "string", entityType: "groupId" },
        topics: {
          type: "[]DescribeShareGroupOffsetsRequestTopic",
          nullable: true,
          fields: {
            topicName: { type: "string", entityType: "topicName" },
            partitions: { type: "[]int32" },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    groups: {
      type: "[]DescribeShareGroupOffsetsResponseGroup",
      fields: {
        groupId: { type: "string", entityType: "groupId" },
        topics: {
          type: "[]DescribeShareGroupOffsetsResponseTopic",
          fields: {
            topicName: { type: "string", entityType: "topicName" },
            topicId: { type: "uuid" },
            partitions: {
              type: "[]DescribeShareGroupOffsetsResponsePartition",
              fields: {
                partitionIndex: { type: "int32" },
                startOffset: { type: "int64" },
                leaderEpoch: { type: "int32" },
                lag: { type: "int64", versions: "1+", default: -1, ignorable: true },
                errorCode: { type: "int16" },
                errorMessage: { type: "string", nullable: true, default: null },
              },
            },
          },
        },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true, default: null },
      },
    },
  },
} as const satisfies ApiSchema;
