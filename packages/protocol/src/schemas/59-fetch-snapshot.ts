import type { ApiSchema } from "../codec/schema.ts";

/** FetchSnapshot: reads a piece of a metadata snapshot. */
export const FetchSnapshot = {
  key: 59,
  name: "FetchSnapshot",
  listeners: ["controller"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    clusterId: { type: "string", nullable: true, tag: 0, default: null },
    replicaId: { type: "int32", default: -1, entityType: "brokerId" },
    maxBytes: { type: "int32", default: 2_147_483_647 },
    topics: {
      type: "[]TopicSnapshot",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionSnapshot",
          fields: {
            partition: { type: "int32" },
            currentLeaderEpoch: { type: "int32" },
            snapshotId: {
              type: "SnapshotId",
              fields: {
                endOffset: { type: "int64" },
                epoch: { type: "int32" },
              },
            },
            position: { type: "int64" },
            replicaDirectoryId: { type: "uuid", versions: "1+", tag: 0, ignorable: true },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", ignorable: true },
    errorCode: { type: "int16" },
    topics: {
      type: "[]TopicSnapshot",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]PartitionSnapshot",
          fields: {
            index: { type: "int32" },
            errorCode: { type: "int16" },
            snapshotId: {
              type: "SnapshotId",
              fields: {
                endOffset: { type: "int64" },
                epoch: { type: "int32" },
              },
            },
            currentLeader: {
              type: "LeaderIdAndEpoch",
              tag: 0,
              fields: {
                leaderId: { type: "int32", entityType: "brokerId" },
                leaderEpoch: { type: "int32" },
              },
            },
            size: { type: "int64" },
            position: { type: "int64" },
            unalignedRecords: { type: "records" },
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
