import type { ApiSchema } from "../codec/schema.ts";

/** Vote: asks a voter of the metadata quorum for its vote. */
export const Vote = {
  key: 52,
  name: "Vote",
  listeners: ["controller"],
  versions: "0-2",
  flexibleVersions: "0+",
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
            replicaEpoch: { type: "int32" },
            replicaId: { type: "int32", entityType: "brokerId" },
            replicaDirectoryId: { type: "uuid", versions: "1+", ignorable: true },
            voterDirectoryId: { type: "uuid", versions: "1+", ignorable: true },
            lastOffsetEpoch: { type: "int32" },
            lastOffset: { type: "int64" },
            preVote: { type: "bool", versions: "2+" },
          },
        },
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
            voteGranted: { type: "bool" },
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
