import type { ApiSchema } from "../codec/schema.ts";

/** OffsetDelete: deletes committed offsets of a group. */
export const OffsetDelete = {
  key: 47,
  name: "OffsetDelete",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "none",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    topics: {
      type: "[]OffsetDeleteRequestTopic",
      fields: {
        name: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: {
          type: "[]OffsetDeleteRequestPartition",
          fields: {
            partitionIndex: { type: "int32" },
          },
        },
      },
    },
  },
  response: {
    errorCode: { type: "int16" },
    throttleTimeMs: { type: "int32", ignorable: true },
    topics: {
      type: "[]OffsetDeleteResponseTopic",
      fields: {
        name: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: {
          type: "[]OffsetDeleteResponsePartition",
          fields: {
            partitionIndex: { type: "int32", mapKey: true },
            errorCode: { type: "int16" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
