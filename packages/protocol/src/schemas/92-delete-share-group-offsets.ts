import type { ApiSchema } from "../codec/schema.ts";

/** DeleteShareGroupOffsets: deletes the offsets of a share group. */
export const DeleteShareGroupOffsets = {
  key: 92,
  name: "DeleteShareGroupOffsets",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    topics: {
      type: "[]DeleteShareGroupOffsetsRequestTopic",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, default: null },
    responses: {
      type: "[]DeleteShareGroupOffsetsResponseTopic",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        topicId: { type: "uuid" },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true, default: null },
      },
    },
  },
} as const satisfies ApiSchema;
