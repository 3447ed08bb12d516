import type { MessageSchema } from "../../../codec/schema.ts";

/** A broker fenced: it may not lead. */
export const FenceBrokerRecord = {
  name: "FenceBrokerRecord",
  type: "metadata",
  apiKey: 7,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    id: { type: "int32", entityType: "brokerId" },
    epoch: { type: "int64" },
  },
} as const satisfies MessageSchema;
