import type { ApiSchema } from "../codec/schema.ts";

/** InitProducerId: gives a producer its id and epoch. */
export const InitProducerId = {
  key: 22,
  name: "InitProducerId",
  listeners: ["broker"],
  versions: "0-6",
  flexibleVersions: "2+",
  latestVersionUnstable: true,
  request: {
    transactionalId: { type: "string", nullable: true, entityType: "transactionalId" },
    transactionTimeoutMs: { type: "int32" },
    producerId: {
      type: "int64",
      versions: "3+",
      default: -1n,
      entityType: "producerId",
      as: "bigint",
    },
    producerEpoch: { type: "int16", versions: "3+", default: -1 },
    enable2Pc: { type: "bool", versions: "6+", default: false },
    keepPreparedTxn: { type: "bool", versions: "6+", default: false },
  },
  response: {
    throttleTimeMs: { type: "int32", ignorable: true },
    errorCode: { type: "int16" },
    producerId: { type: "int64", default: -1n, entityType: "producerId", as: "bigint" },
    producerEpoch: { type: "int16" },
    ongoingTxnProducerId: {
      type: "int64",
      versions: "6+",
      default: -1n,
      entityType: "producerId",
      as: "bigint",
    },
    ongoingTxnProducerEpoch: { type: "int16", versions: "6+", default: -1 },
  },
} as const satisfies ApiSchema;
