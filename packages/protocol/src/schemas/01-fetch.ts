import type { ApiSchema } from "../codec/schema.ts";

/** Fetch: reads record batches from partitions, for consumers and followers. */
export const Fetch = {
  key: 1,
  name: "Fetch",
  listeners: ["broker", "controller"],
  versions: "4-18",
  flexibleVersions: "12+",
  request: {
    clusterId: {
      type: "string",
      versions: "12+",
      nullable: true,
      tag: 0,
      default: null,
      ignorable: true,
    },
    replicaId: { type: "int32", versions: "4-14", default: -1, entityType: "brokerId" },
    replicaState: {
      type: "ReplicaState",
      versions: "15+",
      tag: 1,
      fields: {
        replicaId: { type: "int32", default: -1, entityType: "brokerId" },
        replicaEpoch: { type: "int64", default: -1 },
      },
    },
    maxWaitMs: { type: "int32" },
    minBytes: { type: "int32" },
    maxBytes: { type: "int32", default: 2_147_483_647, ignorable: true },
    isolationLevel: { type: "int8", default: 0, ignorable: true },
    sessionId: { type: "int32", versions: "7+", default: 0, ignorable: true },
    sessionEpoch: { type: "int32", versions: "7+", default: -1, ignorable: true },
    topics: {
      type: "[]FetchTopic",
      fields: {
        topic: { type: "string", versions: "4-12", ignorable: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "13+", ignorable: true },
        partitions: {
          type: "[]FetchPartition",
          fields: {
            partition: { type: "int32" },
            currentLeaderEpoch: { type: "int32", versions: "9+", default: -1, ignorable: true },
            fetchOffset: { type: "int64", as: "saturated" },
            lastFetchedEpoch: { type: "int32", versions: "12+", default: -1 },
            logStartOffset: {
              type: "int64",
              versions: "5+",
              default: -1,
              ignorable: true,
              as: "saturated",
            },
            partitionMaxBytes: { type: "int32" },
            replicaDirectoryId: { type: "uuid", versions: "17+", tag: 0, ignorable: true },
            highWatermark: {
              type: "int64",
              versions: "18+",
              tag: 1,
              default: Number.MAX_SAFE_INTEGER,
              ignorable: true,
              as: "saturated",
            },
          },
        },
      },
    },
    forgottenTopicsData: {
      type: "[]ForgottenTopic",
      versions: "7+",
      fields: {
        topic: { type: "string", versions: "7-12", ignorable: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "13+", ignorable: true },
        partitions: { type: "[]int32" },
      },
    },
    rackId: { type: "string", versions: "11+", default: "", ignorable: true },
  },
  response: {
    throttleTimeMs: { type: "int32", ignorable: true },
    errorCode: { type: "int16", versions: "7+", ignorable: true },
    sessionId: { type: "int32", versions: "7+", default: 0 },
    responses: {
      type: "[]FetchableTopicResponse",
      fields: {
        topic: { type: "string", versions: "4-12", ignorable: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "13+", ignorable: true },
        partitions: {
          type: "[]PartitionData",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
            highWatermark: { type: "int64" },
            lastStableOffset: { type: "int64", default: -1, ignorable: true },
            logStartOffset: { type: "int64", versions: "5+", default: -1, ignorable: true },
            divergingEpoch: {
              type: "EpochEndOffset",
              versions: "12+",
              tag: 0,
              fields: {
                epoch: { type: "int32", default: -1 },
                endOffset: { type: "int64", default: -1 },
              },
            },
            currentLeader: {
              type: "LeaderIdAndEpoch",
              versions: "12+",
              tag: 1,
              fields: {
                leaderId: { type: "int32", default: -1, entityType: "brokerId" },
                leaderEpoch: { type: "int32", default: -1 },
              },
            },
            snapshotId: {
              type: "SnapshotId",
              versions: "12+",
              tag: 2,
              fields: {
                endOffset: { type: "int64", default: -1 },
                epoch: { type: "int32", default: -1 },
              },
            },
            abortedTransactions: {
              type: "[]AbortedTransaction",
              nullable: true,
              ignorable: true,
              fields: {
                producerId: { type: "int64", entityType: "producerId", as: "bigint" },
                firstOffset: { type: "int64" },
              },
            },
            preferredReadReplica: {
              type: "int32",
              versions: "11+",
              default: -1,
              entityType: "brokerId",
            },
            records: { type: "records", nullable: true },
          },
        },
      },
    },
    nodeEndpoints: {
      type: "[]NodeEndpoint",
      versions: "16+",
      tag: 0,
      fields: {
        nodeId: { type: "int32", mapKey: true, entityType: "brokerId" },
        host: { type: "string" },
        port: { type: "int32" },
        rack: { type: "string", nullable: true, default: null },
      },
    },
  },
} as const satisfies ApiSchema;
