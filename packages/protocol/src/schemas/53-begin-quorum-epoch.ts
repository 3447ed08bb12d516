import type { ApiSchema } from "../codec/schema.ts";

/** BeginQuorumEpoch: announces the leader of a metadata quorum epoch. */
export const BeginQuorumEpoch = {
  key: 53,
  name: "BeginQuorumEpoch",
  listeners: ["controller"],
  versions: "0-1",
  flexibleVersions: "1+",
  request: {
    clusterId: { type: "string", nullable: true, default: null },
    voterId: {
      type: "int32",
      versions: "1+",
      default: -1,
      ignorable: true,
      entityType: "brokerId",
    },
    topics: {
      type: "[]TopicData",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            voterDirectoryId: { type: "uuid", versions: "1+", ignorable: true },
            leaderId: { type: "int32", entityType: "brokerId" },
            leaderEpoch: { type: "int32" },
          },
        },
      },
    },
    leaderEndpoints: {
      type: "[]LeaderEndpoint",
      versions: "1+",
      ignorable: true,
      fields: {
        name: { type: "string", mapKey: true },
        host: { type: "string" },
        port: { type: "uint16" },
      },
    },
  },
  response: {
    errorCode: { type: "int16" },
    topics: {
      type: "[]TopicData",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            leaderId: { type: "int32", entityType: "brokerId" },
            leaderEpoch: { type: "int32" },
          },
        },
      },
    },
    nodeEndpoints: {
      type: "[]NodeEndpoint",
      versions: "1+",
      tag: 0,
      fields: {
        nodeId: { type: "int32", mapKey: true, entityType: "brokerId" },
        host: { type: "string" },
        port: { type: "uint16" },
      },
    },
  },
} as const satisfies ApiSchema;
