import type { ApiSchema } from "../codec/schema.ts";

/** ShareAcknowledge: acknowledges records that a share group's member acquired. */
export const ShareAcknowledge = {
  key: 79,
  name: "ShareAcknowledge",
  listeners: ["broker"],
  versions: "1-2",
  flexibleVersions: "1+",
  request: {
    groupId: { type: "string", nullable: true, default: null, entityType: "groupId" },
    memberId: { type: "string", nullable: true },
    shareSessionEpoch: { type: "int32" },
    isRenewAck: { type: "bool", versions: "2+", default: false },
    topics: {
      type: "[]AcknowledgeTopic",
      fields: {
        topicId: { type: "uuid", mapKey: true },
        partitions: {
          type: "[]AcknowledgePartition",
          fields: {
            partitionIndex: { type: "int32", mapKey: true },
            acknowledgementBatches: {
              type: "[]AcknowledgementBatch",
              fields: {
                firstOffset: { type: "int64", as: "saturated" },
                lastOffset: { type: "int64", as: "saturated" },
                acknowledgeTypes: { type: "[]int8" },
              },
            },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, default: null },
    acquisitionLockTimeoutMs: { type: "int32", versions: "2+", ignorable: true },
    responses: {
      type: "[]ShareAcknowledgeTopicResponse",
      fields: {
        topicId: { type: "uuid", mapKey: true },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
            currentLeader: {
              type: "LeaderIdAndEpoch",
              fields: {
                leaderId: { type: "int32" },
                leaderEpoch: { type: "int32" },
              },
            },
          },
        },
      },
    },
    nodeEndpoints: {
      type: "[]NodeEndpoint",
      fields: {
        nodeId: { type: "int32", mapKey: true, entityType: "brokerId" },
        host: { type: "string" },
        port: { type: "int32" },
        rack: { type: "string", nullable: true, default: null },
      },
    },
  },
} as const satisfies ApiSchema;
