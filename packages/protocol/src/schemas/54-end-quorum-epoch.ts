import type { ApiSchema } from "../codec/schema.ts";

/** EndQuorumEpoch: resigns the leadership of the metadata quorum. */
export const EndQuorumEpoch = {
  key: 54,
  name: "EndQuorumEpoch",
  listeners: ["controller"],
  versions: "0-1",
  flexibleVersions: "1+",
  request: {
    clusterId: { type: "string", nullable: true, default: null },
    topics: {
      type: "[]TopicData",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            leaderId: { type: "int32", entityType: "brokerId" },
            leaderEpoch: { type: "int32" },
            preferredSuccessors: { type: "[]int32", versions: "0", ignorable: true },
            preferredCandidates: {
              type: "[]ReplicaInfo",
              versions: "1+",
              ignorable: true,
              fields: {
                candidateId: { type: "int32", entityType: "brokerId" },
                candidateDirectoryId: { type: "uuid" },
              },
            },
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
