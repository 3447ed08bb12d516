import type { ApiSchema } from "../codec/schema.ts";

/** ListConfigResources: lists the resources that have a configuration. */
export const ListConfigResources = {
  key: 74,
  name: "ListConfigResources",
  listeners: ["broker"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    resourceTypes: { type: "[]int8", versions: "1+" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    configResources: {
      type: "[]ConfigResource",
      fields: {
        resourceName: { type: "string" },
        resourceType: { type: "int8", versions: "1+", default: 16, ignorable: true },
      },
    },
  },
} as const satisfies ApiSchema;
