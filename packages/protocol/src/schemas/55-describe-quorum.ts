import type { ApiSchema, Fields } from "../codec/schema.ts";

const replicaState = {
  replicaId: { type: "int32", entityType: "brokerId" },
  replicaDirectoryId: { type: "uuid", versions: "2+" },
  logEndOffset: { type: "int64" },
  lastFetchTimestamp: { type: "int64", versions: "1+", default: -1, ignorable: true },
  lastCaughtUpTimestamp: { type: "int64", versions: "1+", default: -1, ignorable: true },
} as const satisfies Fields;

/** DescribeQuorum: describes the voters and observers of the metadata quorum. */
export const DescribeQuorum = {
  key: 55,
  name: "DescribeQuorum",
  listeners: ["broker", "controller"],
  versions: "0-2",
  flexibleVersions: "0+",
  request: {
    topics: {
      type: "[]TopicData",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
          },
        },
      },
    },
  },
  response: {
    errorCode: { type: "int16" },
    errorMessage: { type: "string", versions: "2+", nullable: true, ignorable: true },
    topics: {
      type: "[]TopicData",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", versions: "2+", nullable: true, ignorable: true },
            leaderId: { type: "int32", entityType: "brokerId" },
            leaderEpoch: { type: "int32" },
            highWatermark: { type: "int64" },
            currentVoters: { type: "[]ReplicaState", fields: replicaState },
            observers: { type: "[]ReplicaState", fields: replicaState },
          },
        },
      },
    },
    nodes: {
      type: "[]Node",
      versions: "2+",
      fields: {
        nodeId: { type: "int32", mapKey: true, entityType: "brokerId" },
        listeners: {
          type: "[]Listener",
          fields: {
            name: { type: "string", mapKey: true },
            host: { type: "string" },
            port: { type: "uint16" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
