import type { MessageSchema } from "../../../codec/schema.ts";

/** One configuration entry of a resource set, or removed where its value is null. */
export const ConfigRecord = {
  name: "ConfigRecord",
  type: "metadata",
  apiKey: 4,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    resourceType: { type: "int8" },
    resourceName: { type: "string" },
    name: { type: "string" },
    value: { type: "string", nullable: true },
  },
} as const satisfies MessageSchema;
