import type { ApiSchema } from "../codec/schema.ts";

/** Metadata: names the brokers, and the topics with their partitions and leaders. */
export const Metadata = {
  key: 3,
  name: "Metadata",
  listeners: ["broker"],
  versions: "0-13",
  flexibleVersions: "9+",
  request: {
    topics: {
      type: "[]MetadataRequestTopic",
      nullable: "1+",
      fields: {
        topicId: { type: "uuid", versions: "10+", ignorable: true },
        name: { type: "string", nullable: "10+", entityType: "topicName" },
      },
    },
    allowAutoTopicCreation: { type: "bool", versions: "4+", default: true },
    includeClusterAuthorizedOperations: { type: "bool", versions: "8-10" },
    includeTopicAuthorizedOperations: { type: "bool", versions: "8+" },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "3+", ignorable: true },
    brokers: {
      type: "[]MetadataResponseBroker",
      fields: {
        nodeId: { type: "int32", mapKey: true, entityType: "brokerId" },
        host: { type: "string" },
        port: { type: "int32" },
        rack: { type: "string", versions: "1+", nullable: true, default: null, ignorable: true },
      },
    },
    clusterId: { type: "string", versions: "2+", nullable: true, default: null, ignorable: true },
    controllerId: {
      type: "int32",
      versions: "1+",
      default: -1,
      ignorable: true,
      entityType: "brokerId",
    },
    topics: {
      type: "[]MetadataResponseTopic",
      fields: {
        errorCode: { type: "int16" },
        name: { type: "string", nullable: "12+", mapKey: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "10+", ignorable: true },
        isInternal: { type: "bool", versions: "1+", default: false, ignorable: true },
        partitions: {
          type: "[]MetadataResponsePartition",
          fields: {
            errorCode: { type: "int16" },
            partitionIndex: { type: "int32" },
            leaderId: { type: "int32", entityType: "brokerId" },
            leaderEpoch: { type: "int32", versions: "7+", default: -1, ignorable: true },
            replicaNodes: { type: "[]int32", entityType: "brokerId" },
            isrNodes: { type: "[]int32", entityType: "brokerId" },
            offlineReplicas: {
              type: "[]int32",
              versions: "5+",
              ignorable: true,
              entityType: "brokerId",
            },
          },
        },
        topicAuthorizedOperations: { type: "int32", versions: "8+", default: -2_147_483_648 },
      },
    },
    clusterAuthorizedOperations: { type: "int32", versions: "8-10", default: -2_147_483_648 },
    errorCode: { type: "int16", versions: "13+", ignorable: true },
  },
} as const satisfies ApiSchema;
