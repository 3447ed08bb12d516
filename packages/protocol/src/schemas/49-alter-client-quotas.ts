import type { ApiSchema } from "../codec/schema.ts";

/** AlterClientQuotas: changes client quotas. */
export const AlterClientQuotas = {
  key: 49,
  name: "AlterClientQuotas",
  listeners: ["broker", "controller"],
  versions: "0-1",
  flexibleVersions: "1+",
  request: {
    entries: {
      type: "[]EntryData",
      fields: {
        entity: {
          type: "[]EntityData",
          fields: {
            entityType: { type: "string" },
            entityName: { type: "string", nullable: true },
          },
        },
        ops: {
          type: "[]OpData",
          fields: {
            key: { type: "string" },
            value: { type: "float64" },
            remove: { type: "bool" },
          },
        },
      },
    },
    validateOnly: { type: "bool" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    entries: {
      type: "[]EntryData",
      fields: {
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
        entity: {
          type: "[]EntityData",
          fields: {
            entityType: { type: "string" },
            entityName: { type: "string", nullable: true },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
