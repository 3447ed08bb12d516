import type { ApiSchema } from "../codec/schema.ts";

/** ListPartitionReassignments: lists the moves of partitions under way. */
export const ListPartitionReassignments = {
  key: 46,
  name: "ListPartitionReassignments",
  listeners: ["broker", "controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    timeoutMs: { type: "int32", default: 60000 },
    topics: {
      type: "[]ListPartitionReassignmentsTopics",
      nullable: true,
      default: null,
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitionIndexes: { type: "[]int32" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
    topics: {
      type: "[]OngoingTopicReassignment",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]OngoingPartitionReassignment",
          fields: {
            partitionIndex: { type: "int32" },
            replicas: { type: "[]int32", entityType: "brokerId" },
            addingReplicas: { type: "[]int32", entityType: "brokerId" },
            removingReplicas: { type: "[]int32", entityType: "brokerId" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
