import type { ApiSchema } from "../codec/schema.ts";

/** IncrementalAlterConfigs: changes single configuration entries of resources. */
export const IncrementalAlterConfigs = {
  key: 44,
  name: "IncrementalAlterConfigs",
  listeners: ["broker", "controller"],
  versions: "0-1",
  flexibleVersions: "1+",
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
            configOperation: { type: "int8", mapKey: true },
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
