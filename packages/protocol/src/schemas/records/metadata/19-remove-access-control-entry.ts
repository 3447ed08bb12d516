import type { MessageSchema } from "../../../codec/schema.ts";

/** An access control entry removed. */
export const RemoveAccessControlEntryRecord = {
  name: "RemoveAccessControlEntryRecord",
  type: "metadata",
  apiKey: 19,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    id: { type: "uuid" },
  },
} as const satisfies MessageSchema;
