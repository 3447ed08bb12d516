import type { ApiSchema } from "../codec/schema.ts";

/** TxnOffsetCommit: stores a group's offsets as part of a transaction. */
export const TxnOffsetCommit = {
  key: 28,
  name: "TxnOffsetCommit",
  listeners: ["broker"],
  versions: "0-5",
  flexibleVersions: "3+",
  request: {
    transactionalId: { type: "string", entityType: "transactionalId" },
    groupId: { type: "string", entityType: "groupId" },
    producerId: { type: "int64", entityType: "producerId", as: "bigint" },
    producerEpoch: { type: "int16" },
    generationId: { type: "int32", versions: "3+", default: -1 },
    memberId: { type: "string", versions: "3+", default: "" },
    groupInstanceId: { type: "string", versions: "3+", nullable: true, default: null },
    topics: {
      type: "[]TxnOffsetCommitRequestTopic",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]TxnOffsetCommitRequestPartition",
          fields: {
            partitionIndex: { type: "int32" },
            committedOffset: { type: "int64", as: "saturated" },
            committedLeaderEpoch: { type: "int32", versions: "2+", default: -1, ignorable: true },
            committedMetadata: { type: "string", nullable: true },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    topics: {
      type: "[]TxnOffsetCommitResponseTopic",
      fields: {
        name: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]TxnOffsetCommitResponsePartition",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
