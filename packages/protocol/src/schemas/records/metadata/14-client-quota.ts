import type { MessageSchema } from "../../../codec/schema.ts";

/** A client quota set or removed. */
export const ClientQuotaRecord = {
  name: "ClientQuotaRecord",
  type: "metadata",
  apiKey: 14,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    entity: {
      type: "[]EntityData",
      fields: {
        entityType: { type: "string" },
        entityName: { type: "string", nullable: true },
      },
    },
    key: { type: "string" },
    value: { type: "float64" },
    remove: { type: "bool" },
  },
} as const satisfies MessageSchema;
