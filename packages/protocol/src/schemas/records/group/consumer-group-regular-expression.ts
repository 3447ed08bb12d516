import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of the topics of a consumer group's regular expression, in `__consumer_offsets`. */
export const ConsumerGroupRegularExpressionKey = {
  name: "ConsumerGroupRegularExpressionKey",
  type: "coordinator-key",
  apiKey: 16,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    regularExpression: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The topics that a consumer group's regular expression resolved to in `__consumer_offsets`. */
export const ConsumerGroupRegularExpressionValue = {
  name: "ConsumerGroupRegularExpressionValue",
  type: "coordinator-value",
  apiKey: 16,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    topics: { type: "[]string" },
    version: { type: "int64" },
    timestamp: { type: "int64" },
  },
} as const satisfies MessageSchema;
