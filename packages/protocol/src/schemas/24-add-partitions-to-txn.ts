import type { ApiSchema, Fields } from "../codec/schema.ts";

const addPartitionsToTxnTopic = {
  name: { type: "string", mapKey: true, entityType: "topicName" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

const addPartitionsToTxnPartitionResult = {
  partitionIndex: { type: "int32", mapKey: true },
  partitionErrorCode: { type: "int16" },
} as const satisfies Fields;

const addPartitionsToTxnTopicResult = {
  name: { type: "string", mapKey: true, entityType: "topicName" },
  resultsByPartition: {
    type: "[]AddPartitionsToTxnPartitionResult",
    fields: addPartitionsToTxnPartitionResult,
  },
} as const satisfies Fields;

/** AddPartitionsToTxn: adds partitions to an open transaction. */
export const AddPartitionsToTxn = {
  key: 24,
  name: "AddPartitionsToTxn",
  listeners: ["broker"],
  versions: "0-5",
  flexibleVersions: "3+",
  request: {
    transactions: {
      type: "[]AddPartitionsToTxnTransaction",
      versions: "4+",
      fields: {
        transactionalId: { type: "string", mapKey: true, entityType: "transactionalId" },
        producerId: { type: "int64", entityType: "producerId", as: "bigint" },
        producerEpoch: { type: "int16" },
        verifyOnly: { type: "bool", default: false },
        topics: { type: "[]AddPartitionsToTxnTopic", fields: addPartitionsToTxnTopic },
      },
    },
    v3AndBelowTransactionalId: { type: "string", versions: "0-3", entityType: "transactionalId" },
    v3AndBelowProducerId: {
      type: "int64",
      versions: "0-3",
      entityType: "producerId",
      as: "bigint",
    },
    v3AndBelowProducerEpoch: { type: "int16", versions: "0-3" },
    v3AndBelowTopics: {
      type: "[]AddPartitionsToTxnTopic",
      versions: "0-3",
      fields: addPartitionsToTxnTopic,
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16", versions: "4+", ignorable: true },
    resultsByTransaction: {
      type: "[]AddPartitionsToTxnResult",
      versions: "4+",
      fields: {
        transactionalId: { type: "string", mapKey: true, entityType: "transactionalId" },
        topicResults: {
          type: "[]AddPartitionsToTxnTopicResult",
          fields: addPartitionsToTxnTopicResult,
        },
      },
    },
    resultsByTopicV3AndBelow: {
      type: "[]AddPartitionsToTxnTopicResult",
      versions: "0-3",
      fields: addPartitionsToTxnTopicResult,
    },
  },
} as const satisfies ApiSchema;
