import type { ApiSchema } from "../codec/schema.ts";

/** DescribeTopicPartitions: describes topics' partitions page by page. */
export const DescribeTopicPartitions = {
  key: 75,
  name: "DescribeTopicPartitions",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    topics: {
      type: "[]TopicRequest",
      fields: {
        name: { type: "string", entityType: "topicName" },
      },
    },
    responsePartitionLimit: { type: "int32", default: 2000 },
    cursor: {
      type: "Cursor",
      nullable: true,
      default: null,
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitionIndex: { type: "int32" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", ignorable: true },
    topics: {
      type: "[]DescribeTopicPartitionsResponseTopic",
      fields: {
        errorCode: { type: "int16" },
        name: { type: "string", nullable: true, mapKey: true, entityType: "topicName" },
        topicId: { type: "uuid", ignorable: true },
        isInternal: { type: "bool", default: false, ignorable: true },
        partitions: {
          type: "[]DescribeTopicPartitionsResponsePartition",
          fields: {
            errorCode: { type: "int16" },
            partitionIndex: { type: "int32" },
            leaderId: { type: "int32", entityType: "brokerId" },
            leaderEpoch: { type: "int32", default: -1, ignorable: true },
            replicaNodes: { type: "[]int32", entityType: "brokerId" },
            isrNodes: { type: "[]int32", entityType: "brokerId" },
            eligibleLeaderReplicas: {
              type: "[]int32",
              nullable: true,
              default: null,
              entityType: "brokerId",
            },
            lastKnownElr: {
              type: "[]int32",
              nullable: true,
              default: null,
              entityType: "brokerId",
            },
            offlineReplicas: { type: "[]int32", ignorable: true, entityType: "brokerId" },
          },
        },
        topicAuthorizedOperations: { type: "int32", default: -2_147_483_648 },
      },
    },
    nextCursor: {
      type: "Cursor",
      nullable: true,
      default: null,
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitionIndex: { type: "int32" },
      },
    },
  },
} as const satisfies ApiSchema;
