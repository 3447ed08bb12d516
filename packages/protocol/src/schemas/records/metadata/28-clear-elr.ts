import type { MessageSchema } from "../../../codec/schema.ts";

/** The eligible leader replicas of a topic, or of all, emptied. */
export const ClearElrRecord = {
  name: "ClearElrRecord",
  type: "metadata",
  apiKey: 28,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    topicName: { type: "string", entityType: "topicName" },
  },
} as const satisfies MessageSchema;
