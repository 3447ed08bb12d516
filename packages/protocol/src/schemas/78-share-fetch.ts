import type { ApiSchema } from "../codec/schema.ts";

/** ShareFetch: acquires records for a member of a share group. */
export const ShareFetch = {
  key: 78,
  name: "ShareFetch",
  listeners: ["broker"],
  versions: "1-2",
  flexibleVersions: "1+",
  request: {
    groupId: { type: "string", nullable: true, default: null, entityType: "groupId" },
    memberId: { type: "string", nullable: true },
    shareSessionEpoch: { type: "int32" },
    maxWaitMs: { type: "int32" },
    minBytes: { type: "int32" },
    maxBytes: { type: "int32", default: 2_147_483_647 },
    maxRecords: { type: "int32" },
    batchSize: { type: "int32" },
    shareAcquireMode: { type: "int8", versions: "2+", default: 0, ignorable: true },
    isRenewAck: { type: "bool", versions: "2+", default: false },
    topics: {
      type: "[]FetchTopic",
      fields: {
        topicId: { type: "uuid", mapKey: true },
        partitions: {
          type: "[]FetchPartition",
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
    forgottenTopicsData: {
      type: "[]ForgottenTopic",
      fields: {
        topicId: { type: "uuid" },
        partitions: { type: "[]int32" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, default: null },
    acquisitionLockTimeoutMs: { type: "int32" },
    responses: {
      type: "[]ShareFetchableTopicResponse",
      fields: {
        topicId: { type: "uuid", mapKey: true },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true, default: null },
            acknowledgeErrorCode: { type: "int16" },
            acknowledgeErrorMessage: { type: "string", nullable: true, default: null },
            currentLeader: {
              type: "LeaderIdAndEpoch",
              fields: {
                leaderId: { type: "int32" },
                leaderEpoch: { type: "int32" },
              },
            },
            records: { type: "records" },
            acquiredRecords: {
              type: "[]AcquiredRecords",
              fields: {
                firstOffset: { type: "int64" },
                lastOffset: { type: "int64" },
                deliveryCount: { type: "int16" },
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
