import type { ApiSchema } from "../codec/schema.ts";

/** AlterPartition: changes the in-sync replicas of partitions, sent by their leaders. */
export const AlterPartition = {
  key: 56,
  name: "AlterPartition",
  listeners: ["controller"],
  versions: "2-3",
  flexibleVersions: "2+",
  request: {
    brokerId: { type: "int32", entityType: "brokerId" },
    brokerEpoch: { type: "int64", default: -1 },
    topics: {
      type: "[]TopicData",
      fields: {
        topicId: { type: "uuid", ignorable: true },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            leaderEpoch: { type: "int32" },
            newIsr: { type: "[]int32", versions: "2", entityType: "brokerId" },
            newIsrWithEpochs: {
              type: "[]BrokerState",
              versions: "3+",
              fields: {
                brokerId: { type: "int32", entityType: "brokerId" },
                brokerEpoch: { type: "int64", default: -1 },
              },
            },
            leaderRecoveryState: { type: "int8", default: 0 },
            partitionEpoch: { type: "int32" },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    topics: {
      type: "[]TopicData",
      fields: {
        topicId: { type: "uuid", ignorable: true },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            leaderId: { type: "int32", entityType: "brokerId" },
            leaderEpoch: { type: "int32" },
            isr: { type: "[]int32", entityType: "brokerId" },
            leaderRecoveryState: { type: "int8", default: 0, ignorable: true },
            partitionEpoch: { type: "int32" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
