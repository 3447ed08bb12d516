import type { MessageSchema } from "../../../codec/schema.ts";

/** A topic removed. */
export const RemoveTopicRecord = {
  name: "RemoveTopicRecord",
  type: "metadata",
  apiKey: 9,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    topicId: { type: "uuid" },
  },
} as const satisfies MessageSchema;
