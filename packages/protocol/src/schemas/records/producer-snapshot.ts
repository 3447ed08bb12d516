import type { MessageSchema } from "../../codec/schema.ts";

/** The producer snapshot file of a partition's log. */
export const ProducerSnapshot = {
  name: "ProducerSnapshot",
  type: "data",
  versions: "1",
  flexibleVersions: "none",
  fields: {
    crc: { type: "uint32" },
    producerEntries: {
      type: "[]ProducerEntry",
      fields: {
        producerId: { type: "int64", as: "bigint" },
        epoch: { type: "int16" },
        lastSequence: { type: "int32" },
        lastOffset: { type: "int64" },
        offsetDelta: { type: "int32" },
        timestamp: { type: "int64", as: "saturated" },
        coordinatorEpoch: { type: "int32" },
        currentTxnFirstOffset: { type: "int64" },
      },
    },
  },
} as const satisfies MessageSchema;
