import type { ApiSchema } from "../codec/schema.ts";

/** ListTransactions: lists the transactions that a broker coordinates. */
export const ListTransactions = {
  key: 66,
  name: "ListTransactions",
  listeners: ["broker"],
  versions: "0-2",
  flexibleVersions: "0+",
  request: {
    stateFilters: { type: "[]string" },
    producerIdFilters: { type: "[]int64", entityType: "producerId", as: "bigint" },
    durationFilter: { type: "int64", versions: "1+", default: -1, as: "saturated" },
    transactionalIdPattern: { type: "string", versions: "2+", nullable: true, default: null },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    unknownStateFilters: { type: "[]string" },
    transactionStates: {
      type: "[]TransactionState",
      fields: {
        transactionalId: { type: "string", entityType: "transactionalId" },
        producerId: { type: "int64", entityType: "producerId", as: "bigint" },
        transactionState: { type: "string" },
      },
    },
  },
} as const satisfies ApiSchema;
