import type { ApiSchema } from "../codec/schema.ts";

/** DescribeTransactions: describes transactions by transactional id. */
export const DescribeTransactions = {
  key: 65,
  name: "DescribeTransactions",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    transactionalIds: { type: "[]string", entityType: "transactionalId" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    transactionStates: {
      type: "[]TransactionState",
      fields: {
        errorCode: { type: "int16" },
        transactionalId: { type: "string", entityType: "transactionalId" },
        transactionState: { type: "string" },
        transactionTimeoutMs: { type: "int32" },
        transactionStartTimeMs: { type: "int64" },
        producerId: { type: "int64", entityType: "producerId", as: "bigint" },
        producerEpoch: { type: "int16" },
        topics: {
          type: "[]TopicData",
          fields: {
            topic: { type: "string", mapKey: true, entityType: "topicName" },
            partitions: { type: "[]int32" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
