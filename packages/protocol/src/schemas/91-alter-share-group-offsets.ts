import type { ApiSchema } from "../codec/schema.ts";

/** AlterShareGroupOffsets: sets the offsets of a share group. */
export const AlterShareGroupOffsets = {
  key: 91,
  name: "AlterShareGroupOffsets",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    topics: {
      type: "[]AlterShareGroupOffsetsRequestTopic",
      fields: {
        topicName: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: {
          type: "[]AlterShareGroupOffsetsRequestPartition",
          fields: {
            partitionIndex: { type: "int32" },
            startOffset: { type: "int64", as: "saturated" },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, default: null },
    responses: {
      type: "[]AlterShareGroupOffsetsResponseTopic",
      fields: {
        topicName: { type: "string", mapKey: true, entityType: "topicName" },
        topicId: { type: "uuid" },
        partitions: {
          type: "[]AlterShareGroupOffsetsResponsePartition",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
