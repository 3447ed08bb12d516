import type { ApiSchema } from "../codec/schema.ts";

/** DeleteShareGroupState: deletes the share state of a group's partitions. */
export const DeleteShareGroupState = {
  key: 86,
  name: "DeleteShareGroupState",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string" },
    topics: {
      type: "[]DeleteStateData",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partition: { type: "int32" },
          },
        },
      },
    },
  },
  response: {
    results: {
      type: "[]DeleteStateResult",
      fields: {
        topicId: { type: "uuid" },
        partitions: {
          type: "[]PartitionResult",
          fields: {
            partition: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
