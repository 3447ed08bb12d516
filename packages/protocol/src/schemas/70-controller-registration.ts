import type { ApiSchema } from "../codec/schema.ts";

/** ControllerRegistration: registers a controller's incarnation. */
export const ControllerRegistration = {
  key: 70,
  name: "ControllerRegistration",
  listeners: ["controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    controllerId: { type: "int32" },
    incarnationId: { type: "uuid" },
    zkMigrationReady: { type: "bool" },
    listeners: {
      type: "[]Listener",
      fields: {
        name: { type: "string", mapKey: true },
        host: { type: "string" },
        port: { type: "uint16" },
        securityProtocol: { type: "int16" },
      },
    },
    features: {
      type: "[]Feature",
      fields: {
        name: { type: "string", mapKey: true },
        minSupportedVersion: { type: "int16" },
        maxSupportedVersion: { type: "int16" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
  },
} as const satisfies ApiSchema;
