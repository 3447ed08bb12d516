import type { ApiSchema } from "../codec/schema.ts";

/** AddRaftVoter: adds a voter to the metadata quorum. */
export const AddRaftVoter = {
  key: 80,
  name: "AddRaftVoter",
  listeners: ["controller", "broker"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    clusterId: { type: "string", nullable: true },
    timeoutMs: { type: "int32" },
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
    ackWhenCommitted: { type: "bool", versions: "1+", default: true },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, ignorable: true },
  },
} as const satisfies ApiSchema;
