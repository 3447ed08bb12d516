import type { ApiSchema } from "../codec/schema.ts";

/** UpdateRaftVoter: changes the endpoints of a voter of the metadata quorum. */
export const UpdateRaftVoter = {
  key: 82,
  name: "UpdateRaftVoter",
  listeners: ["controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    clusterId: { type: "string", nullable: true },
    currentLeaderEpoch: { type: "int32" },
    voterId: { type: "int32" },
    voterDirectoryId: { type: "uuid" },
    listeners: {
      type: "[]Listener",
      fields: {
        name: { type: "string", mapKey: true },
        host: { type: "string" },
        port: { type: "uint16" },
      },
    },
    kRaftVersionFeature: {
      type: "KRaftVersionFeature",
      fields: {
        minSupportedVersion: { type: "int16" },
        maxSupportedVersion: { type: "int16" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    currentLeader: {
      type: "CurrentLeader",
      tag: 0,
      fields: {
        leaderId: { type: "int32", default: -1, entityType: "brokerId" },
        leaderEpoch: { type: "int32", default: -1 },
        host: { type: "string" },
        port: { type: "int32" },
      },
    },
  },
} as const satisfies ApiSchema;
