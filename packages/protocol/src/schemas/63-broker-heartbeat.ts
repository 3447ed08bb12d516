import type { ApiSchema } from "../codec/schema.ts";

/** BrokerHeartbeat: keeps a broker's registration alive and carries its wishes. */
export const BrokerHeartbeat = {
  key: 63,
  name: "BrokerHeartbeat",
  listeners: ["controller"],
  versions: "0-2",
  flexibleVersions: "0+",
  request: {
    brokerId: { type: "int32", entityType: "brokerId" },
    brokerEpoch: { type: "int64", default: -1 },
    currentMetadataOffset: { type: "int64" },
    wantFence: { type: "bool" },
    wantShutDown: { type: "bool" },
    offlineLogDirs: { type: "[]uuid", versions: "1+", tag: 0 },
    cordonedLogDirs: { type: "[]uuid", versions: "2+", nullable: true, tag: 1, default: null },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    isCaughtUp: { type: "bool", default: false },
    isFenced: { type: "bool", default: true },
    shouldShutDown: { type: "bool" },
  },
} as const satisfies ApiSchema;
