import type { ApiSchema } from "../codec/schema.ts";

/** FindCoordinator: finds the broker that coordinates a group or a transactional id. */
export const FindCoordinator = {
  key: 10,
  name: "FindCoordinator",
  listeners: ["broker"],
  versions: "0-6",
  flexibleVersions: "3+",
  request: {
    key: { type: "string", versions: "0-3" },
    keyType: { type: "int8", versions: "1+", default: 0 },
    coordinatorKeys: { type: "[]string", versions: "4+" },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "1+", ignorable: true },
    errorCode: { type: "int16", versions: "0-3" },
    errorMessage: { type: "string", versions: "1-3", nullable: true, ignorable: true },
    nodeId: { type: "int32", versions: "0-3", entityType: "brokerId" },
    host: { type: "string", versions: "0-3" },
    port: { type: "int32", versions: "0-3" },
    coordinators: {
      type: "[]Coordinator",
      versions: "4+",
      fields: {
        key: { type: "string" },
        nodeId: { type: "int32", entityType: "brokerId" },
        host: { type: "string" },
        port: { type: "int32" },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true, ignorable: true },
      },
    },
  },
} as const satisfies ApiSchema;
