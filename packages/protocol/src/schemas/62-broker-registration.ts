import type { ApiSchema } from "../codec/schema.ts";

/** BrokerRegistration: registers a broker's incarnation with the controller. */
export const BrokerRegistration = {
  key: 62,
  name: "BrokerRegistration",
  listeners: ["controller"],
  versions: "0-4",
  flexibleVersions: "0+",
  request: {
    brokerId: { type: "int32", entityType: "brokerId" },
    clusterId: { type: "string" },
    incarnationId: { type: "uuid" },
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
    rack: { type: "string", nullable: true },
    isMigratingZkBroker: { type: "bool", versions: "1+", default: false },
    logDirs: { type: "[]uuid", versions: "2+", ignorable: true },
    previousBrokerEpoch: { type: "int64", versions: "3+", default: -1, ignorable: true },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    brokerEpoch: { type: "int64", default: -1 },
  },
} as const satisfies ApiSchema;
