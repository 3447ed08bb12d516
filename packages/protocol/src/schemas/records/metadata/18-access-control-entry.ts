import type { MessageSchema } from "../../../codec/schema.ts";

/** An access control entry added. */
export const AccessControlEntryRecord = {
  name: "AccessControlEntryRecord",
  type: "metadata",
  apiKey: 18,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    id: { type: "uuid" },
    resourceType: { type: "int8" },
    resourceName: { type: "string" },
    patternType: { type: "int8" },
    principal: { type: "string" },
    host: { type: "string" },
    operation: { type: "int8" },
    permissionType: { type: "int8" },
  },
} as const satisfies MessageSchema;
