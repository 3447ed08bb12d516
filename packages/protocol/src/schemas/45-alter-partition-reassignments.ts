import type { ApiSchema } from "../codec/schema.ts";

/** AlterPartitionReassignments: starts or cancels moves of partitions to other brokers. */
export const AlterPartitionReassignments = {
  key: 45,
  name: "AlterPartitionReassignments",
  listeners: ["broker", "controller"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    timeoutMs: { type: "int32", default: 60000 },
    allowReplicationFactorChange: { type: "bool", versions: "1+", default: true },
    topics: {
      type: "[]ReassignableTopic",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]ReassignablePartition",
          fields: {
            partitionIndex: { type: "int32" },
            replicas: { type: "[]int32", nullable: true, default: null, entityType: "brokerId" },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    allowReplicationFactorChange: { type: "bool", versions: "1+", default: true, ignorable: true },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
    responses: {
      type: "[]ReassignableTopicResponse",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]ReassignablePartitionResponse",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
