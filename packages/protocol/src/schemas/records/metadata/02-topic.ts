import type { MessageSchema } from "../../../codec/schema.ts";

/** A topic created. */
export const TopicRecord = {
  name: "TopicRecord",
  type: "metadata",
  apiKey: 2,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    name: { type: "string", entityType: "topicName" },
    topicId: { type: "uuid" },
  },
} as const satisfies MessageSchema;
