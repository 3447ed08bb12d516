import type { MessageSchema } from "../../../codec/schema.ts";

/** A controller's incarnation registered. */
export const RegisterControllerRecord = {
  name: "RegisterControllerRecord",
  type: "metadata",
  apiKey: 27,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    controllerId: { type: "int32" },
    incarnationId: { type: "uuid" },
    zkMigrationReady: { type: "bool" },
    endPoints: {
      type: "[]ControllerEndpoint",
      fields: {
        name: { type: "string", mapKey: true },
        host: { type: "string" },
        port: { type: "uint16" },
        securityProtocol: { type: "int16" },
      },
    },
    features: {
      type: "[]ControllerFeature",
      fields: {
        name: { type: "string", mapKey: true },
        minSupportedVersion: { type: "int16" },
        maxSupportedVersion: { type: "int16" },
      },
    },
  },
} as const satisfies MessageSchema;
