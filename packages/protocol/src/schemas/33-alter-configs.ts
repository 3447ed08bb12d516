import type { ApiSchema } from "../codec/schema.ts";

/** AlterConfigs: replaces the configuration of resources. */
export const AlterConfigs = {
  key: 33,
  name: "AlterConfigs",
  listeners: ["broker", "controller"],
  versions: "0-2",
  flexibleVersions: "2+",
  request: {
    resources: {
      type: "[]AlterConfigsResource",
      fields: {
        resourceType: { type: "int8", mapKey: true },
        resourceName: { type: "string", mapKey: true },
        configs: {
          type: "[]AlterableConfig",
          fields: {
            name: { type: "string", mapKey: true },
            value: { type: "string", nullable: true },
          },
        },
      },
    },
    validateOnly: { type: "bool" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    responses: {
      type: "[]AlterConfigsResourceResponse",
      fields: {
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
        resourceType: { type: "int8" },
        resourceName: { type: "string" },
      },
    },
  },
} as const satisfies ApiSchema;
