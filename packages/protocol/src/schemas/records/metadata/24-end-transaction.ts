import type { MessageSchema } from "../../../codec/schema.ts";

/** A metadata transaction takes effect. */
export const EndTransactionRecord = {
  name: "EndTransactionRecord",
  type: "metadata",
  apiKey: 24,
  versions: "0",
  flexibleVersions: "0+",
  fields: {},
} as const satisfies MessageSchema;
