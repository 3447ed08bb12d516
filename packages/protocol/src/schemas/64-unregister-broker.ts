import type { ApiSchema } from "../codec/schema.ts";

/** UnregisterBroker: removes a broker's registration. */
export const UnregisterBroker = {
  key: 64,
  name: "UnregisterBroker",
  listeners: ["broker", "controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    brokerId: { type: "int32", entityType: "brokerId" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
  },
} as const satisfies ApiSchema;
