import type { MessageSchema } from "../../../codec/schema.ts";

/** A broker unfenced: it may lead. */
export const UnfenceBrokerRecord = {
  name: "UnfenceBrokerRecord",
  type: "metadata",
  apiKey: 8,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    id: { type: "int32", entityType: "brokerId" },
    epoch: { type: "int64" },
  },
} as const satisfies MessageSchema;
