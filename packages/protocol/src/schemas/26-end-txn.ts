import type { ApiSchema } from "../codec/schema.ts";

/** EndTxn: commits or aborts a transaction. */
export const EndTxn = {
  key: 26,
  name: "EndTxn",
  listeners: ["broker"],
  versions: "0-5",
  flexibleVersions: "3+",
  request: {
    transactionalId: { type: "string", entityType: "transactionalId" },
    producerId: { type: "int64", entityType: "producerId", as: "bigint" },
    producerEpoch: { type: "int16" },
    committed: { type: "bool" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    producerId: {
      type: "int64",
      versions: "5+",
      default: -1n,
      ignorable: true,
      entityType: "producerId",
      as: "bigint",
    },
    producerEpoch: { type: "int16", versions: "5+", default: -1, ignorable: true },
  },
} as const satisfies ApiSchema;
