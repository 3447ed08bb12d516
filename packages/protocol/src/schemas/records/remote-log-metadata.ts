import type { MessageSchema } from "../../codec/schema.ts";

/** A segment copied to remote storage, in the remote log metadata topic. */
export const RemoteLogSegmentMetadataRecord = {
  name: "RemoteLogSegmentMetadataRecord",
  type: "metadata",
  apiKey: 0,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    remoteLogSegmentId: {
      type: "RemoteLogSegmentIdEntry",
      fields: {
        topicIdPartition: {
          type: "TopicIdPartitionEntry",
          fields: {
            name: { type: "string" },
            id: { type: "uuid" },
            partition: { type: "int32" },
          },
        },
        id: { type: "uuid" },
      },
    },
    startOffset: { type: "int64" },
    endOffset: { type: "int64" },
    brokerId: { type: "int32" },
    maxTimestampMs: { type: "int64", as: "saturated" },
    eventTimestampMs: { type: "int64" },
    segmentLeaderEpochs: {
      type: "[]SegmentLeaderEpochEntry",
      fields: {
        leaderEpoch: { type: "int32" },
        offset: { type: "int64" },
      },
    },
    segmentSizeInBytes: { type: "int32" },
    customMetadata: { type: "bytes", nullable: true, default: null },
    remoteLogSegmentState: { type: "int8" },
    txnIndexEmpty: { type: "bool", tag: 0 },
  },
} as const satisfies MessageSchema;

/** A change of state of a remote segment, in the remote log metadata topic. */
export const RemoteLogSegmentMetadataUpdateRecord = {
  name: "RemoteLogSegmentMetadataUpdateRecord",
  type: "metadata",
  apiKey: 1,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    remoteLogSegmentId: {
      type: "RemoteLogSegmentIdEntry",
      fields: {
        topicIdPartition: {
          type: "TopicIdPartitionEntry",
          fields: {
            name: { type: "string" },
            id: { type: "uuid" },
            partition: { type: "int32" },
          },
        },
        id: { type: "uuid" },
      },
    },
    brokerId: { type: "int32" },
    eventTimestampMs: { type: "int64" },
    customMetadata: { type: "bytes", nullable: true, default: null },
    remoteLogSegmentState: { type: "int8" },
  },
} as const satisfies MessageSchema;

/** A change of state of a remote partition's deletion, in the remote log metadata topic. */
export const RemotePartitionDeleteMetadataRecord = {
  name: "RemotePartitionDeleteMetadataRecord",
  type: "metadata",
  apiKey: 2,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    topicIdPartition: {
      type: "TopicIdPartitionEntry",
      fields: {
        name: { type: "string" },
        id: { type: "uuid" },
        partition: { type: "int32" },
      },
    },
    brokerId: { type: "int32" },
    eventTimestampMs: { type: "int64" },
    remotePartitionDeleteState: { type: "int8" },
  },
} as const satisfies MessageSchema;

/** A remote segment in the snapshot file of the remote log metadata cache. */
export const RemoteLogSegmentMetadataSnapshotRecord = {
  name: "RemoteLogSegmentMetadataSnapshotRecord",
  type: "metadata",
  apiKey: 3,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    segmentId: { type: "uuid" },
    startOffset: { type: "int64" },
    endOffset: { type: "int64" },
    brokerId: { type: "int32" },
    maxTimestampMs: { type: "int64", as: "saturated" },
    eventTimestampMs: { type: "int64" },
    segmentLeaderEpochs: {
      type: "[]SegmentLeaderEpochEntry",
      fields: {
        leaderEpoch: { type: "int32" },
        offset: { type: "int64" },
      },
    },
    segmentSizeInBytes: { type: "int32" },
    customMetadata: { type: "bytes", nullable: true, default: null },
    remoteLogSegmentState: { type: "int8" },
    txnIndexEmpty: { type: "bool", tag: 0 },
  },
} as const satisfies MessageSchema;
