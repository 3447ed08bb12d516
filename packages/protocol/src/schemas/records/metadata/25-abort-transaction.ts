import type { MessageSchema } from "../../../codec/schema.ts";

/** A metadata transaction is dropped. */
export const AbortTransactionRecord = {
  name: "AbortTransactionRecord",
  type: "metadata",
  apiKey: 25,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    reason: { type: "string", nullable: true, tag: 0, default: null },
  },
} as const satisfies MessageSchema;
