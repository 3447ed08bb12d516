import type { MessageSchema } from "../../../codec/schema.ts";

/** Nothing: it moves the high watermark of a quiet metadata log. */
export const NoOpRecord = {
  name: "NoOpRecord",
  type: "metadata",
  apiKey: 20,
  versions: "0",
  flexibleVersions: "0+",
  fields: {},
} as const satisfies MessageSchema;
