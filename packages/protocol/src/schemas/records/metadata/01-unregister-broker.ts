import type { MessageSchema } from "../../../codec/schema.ts";

/** A broker's registration removed. */
export const UnregisterBrokerRecord = {
  name: "UnregisterBrokerRecord",
  type: "metadata",
  apiKey: 1,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    brokerId: { type: "int32", entityType: "brokerId" },
    brokerEpoch: { type: "int64" },
  },
} as const satisfies MessageSchema;
