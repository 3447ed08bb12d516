import type { ApiSchema } from "../codec/schema.ts";

/** DescribeCluster: names the brokers or controllers of the cluster. */
export const DescribeCluster = {
  key: 60,
  name: "DescribeCluster",
  listeners: ["broker", "controller"],
  versions: "0-2",
  flexibleVersions: "0+",
  request: {
    includeClusterAuthorizedOperations: { type: "bool" },
    endpointType: { type: "int8", versions: "1+", default: 1 },
    includeFencedBrokers: { type: "bool", versions: "2+" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, default: null },
    endpointType: { type: "int8", versions: "1+", default: 1 },
    clusterId: { type: "string" },
    controllerId: { type: "int32", default: -1, entityType: "brokerId" },
    brokers: {
      type: "[]DescribeClusterBroker",
      fields: {
        brokerId: { type: "int32", mapKey: true, entityType: "brokerId" },
        host: { type: "string" },
        port: { type: "int32" },
        rack: { type: "string", nullable: true, default: null },
        isFenced: { type: "bool", versions: "2+" },
      },
    },
    clusterAuthorizedOperations: { type: "int32", default: -2_147_483_648 },
  },
} as const satisfies ApiSchema;
