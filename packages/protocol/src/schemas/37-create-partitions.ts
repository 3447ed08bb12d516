import type { ApiSchema } from "../codec/schema.ts";

/** CreatePartitions: adds partitions to topics. */
export const CreatePartitions = {
  key: 37,
  name: "CreatePartitions",
  listeners: ["broker", "controller"],
  versions: "0-3",
  flexibleVersions: "2+",
  request: {
    topics: {
      type: "[]CreatePartitionsTopic",
      fields: {
        name: { type: "string", mapKey: true, entityType: "topicName" },
        count: { type: "int32" },
        assignments: {
          type: "[]CreatePartitionsAssignment",
          nullable: true,
          fields: {
            brokerIds: { type: "[]int32", entityType: "brokerId" },
          },
        },
      },
    },
    timeoutMs: { type: "int32" },
    validateOnly: { type: "bool" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    results: {
      type: "[]CreatePartitionsTopicResult",
      fields: {
        name: { type: "string", entityType: "topicName" },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true, default: null },
      },
    },
  },
} as const satisfies ApiSchema;
