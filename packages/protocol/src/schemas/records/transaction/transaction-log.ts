import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a transaction's state in `__transaction_state`. */
export const TransactionLogKey = {
  name: "TransactionLogKey",
  type: "coordinator-key",
  apiKey: 0,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    transactionalId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A transaction's state in `__transaction_state`. */
export const TransactionLogValue = {
  name: "TransactionLogValue",
  type: "coordinator-value",
  apiKey: 0,
  versions: "0-1",
  flexibleVersions: "1+",
  fields: {
    producerId: { type: "int64", as: "bigint" },
    previousProducerId: { type: "int64", versions: "1+", tag: 0, default: -1n, as: "bigint" },
    nextProducerId: { type: "int64", versions: "1+", tag: 1, default: -1n, as: "bigint" },
    producerEpoch: { type: "int16" },
    nextProducerEpoch: { type: "int16", versions: "1+", tag: 3, default: -1 },
    transactionTimeoutMs: { type: "int32" },
    transactionStatus: { type: "int8" },
    transactionPartitions: {
      type: "[]PartitionsSchema",
      nullable: true,
      fields: {
        topic: { type: "string" },
        partitionIds: { type: "[]int32" },
      },
    },
    transactionLastUpdateTimestampMs: { type: "int64" },
    transactionStartTimestampMs: { type: "int64" },
    clientTransactionVersion: { type: "int16", versions: "1+", tag: 2, default: 0 },
  },
} as const satisfies MessageSchema;
