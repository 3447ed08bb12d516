import type { ApiSchema } from "../codec/schema.ts";

/** OffsetCommit: stores the offsets that a group has consumed. */
export const OffsetCommit = {
  key: 8,
  name: "OffsetCommit",
  listeners: ["broker"],
  versions: "2-10",
  flexibleVersions: "8+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    generationIdOrMemberEpoch: { type: "int32", default: -1, ignorable: true },
    memberId: { type: "string", ignorable: true },
    groupInstanceId: { type: "string", versions: "7+", nullable: true, default: null },
    retentionTimeMs: {
      type: "int64",
      versions: "2-4",
      default: -1,
      ignorable: true,
      as: "saturated",
    },
    topics: {
      type: "[]OffsetCommitRequestTopic",
      fields: {
        name: { type: "string", versions: "2-9", ignorable: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "10+", ignorable: true },
        partitions: {
          type: "[]OffsetCommitRequestPartition",
          fields: {
            partitionIndex: { type: "int32" },
            committedOffset: { type: "int64", as: "saturated" },
            committedLeaderEpoch: { type: "int32", versions: "6+", default: -1, ignorable: true },
            committedMetadata: { type: "string", nullable: true },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "3+", ignorable: true },
    topics: {
      type: "[]OffsetCommitResponseTopic",
      fields: {
        name: { type: "string", versions: "2-9", ignorable: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "10+", ignorable: true },
        partitions: {
          type: "[]OffsetCommitResponsePartition",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
