import type { ApiSchema } from "../codec/schema.ts";

/** DescribeClientQuotas: lists client quotas. */
export const DescribeClientQuotas = {
  key: 48,
  name: "DescribeClientQuotas",
  listeners: ["broker"],
  versions: "0-1",
  flexibleVersions: "1+",
  request: {
    components: {
      type: "[]ComponentData",
      fields: {
        entityType: { type: "string" },
        matchType: { type: "int8" },
        match: { type: "string", nullable: true },
      },
    },
    strict: { type: "bool" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
    entries: {
      type: "[]EntryData",
      nullable: true,
      fields: {
        entity: {
          type: "[]EntityData",
          fields: {
            entityType: { type: "string" },
            entityName: { type: "string", nullable: true },
          },
        },
        values: {
          type: "[]ValueData",
          fields: {
            key: { type: "string" },
            value: { type: "float64" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
