import type { MessageSchema } from "../../../codec/schema.ts";

/** A broker's incarnation registered. */
export const RegisterBrokerRecord = {
  name: "RegisterBrokerRecord",
  type: "metadata",
  apiKey: 0,
  versions: "0-4",
  flexibleVersions: "0+",
  fields: {
    brokerId: { type: "int32", entityType: "brokerId" },
    isMigratingZkBroker: { type: "bool", versions: "2+", default: false },
    incarnationId: { type: "uuid" },
    brokerEpoch: { type: "int64" },
    endPoints: {
      type: "[]BrokerEndpoint",
      fields: {
        name: { type: "string", mapKey: true },
        host: { type: "string" },
        port: { type: "uint16" },
        securityProtocol: { type: "int16" },
      },
    },
    features: {
      type: "[]BrokerFeature",
      fields: {
        name: { type: "string", mapKey: true },
        minSupportedVersion: { type: "int16" },
        maxSupportedVersion: { type: "int16" },
      },
    },
    rack: { type: "string", nullable: true },
    fenced: { type: "bool", default: true },
    inControlledShutdown: { type: "bool", versions: "1+", default: false },
    logDirs: { type: "[]uuid", versions: "3+", tag: 0 },
    cordonedLogDirs: { type: "[]uuid", versions: "4+", nullable: true, tag: 1, default: null },
  },
} as const satisfies MessageSchema;
