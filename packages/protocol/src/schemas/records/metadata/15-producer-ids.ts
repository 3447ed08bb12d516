import type { MessageSchema } from "../../../codec/schema.ts";

/** A block of producer ids given to a broker. */
export const ProducerIdsRecord = {
  name: "ProducerIdsRecord",
  type: "metadata",
  apiKey: 15,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    brokerId: { type: "int32", entityType: "brokerId" },
    brokerEpoch: { type: "int64", default: -1 },
    nextProducerId: { type: "int64", as: "bigint" },
  },
} as const satisfies MessageSchema;
