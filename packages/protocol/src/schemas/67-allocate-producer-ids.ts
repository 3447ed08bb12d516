import type { ApiSchema } from "../codec/schema.ts";

/** AllocateProducerIds: gives a broker a block of producer ids. */
export const AllocateProducerIds = {
  key: 67,
  name: "AllocateProducerIds",
  listeners: ["controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    brokerId: { type: "int32", entityType: "brokerId" },
    brokerEpoch: { type: "int64", default: -1 },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    producerIdStart: { type: "int64", entityType: "producerId", as: "bigint" },
    producerIdLen: { type: "int32" },
  },
} as const satisfies ApiSchema;
