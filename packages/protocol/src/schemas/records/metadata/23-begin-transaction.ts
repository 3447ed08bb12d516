import type { MessageSchema } from "../../../codec/schema.ts";

/** A metadata transaction begins. */
export const BeginTransactionRecord = {
  name: "BeginTransactionRecord",
  type: "metadata",
  apiKey: 23,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    name: { type: "string", nullable: true, tag: 0, default: null },
  },
} as const satisfies MessageSchema;
