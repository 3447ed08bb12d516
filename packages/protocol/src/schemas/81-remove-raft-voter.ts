import type { ApiSchema } from "../codec/schema.ts";

/** RemoveRaftVoter: removes a voter from the metadata quorum. */
export const RemoveRaftVoter = {
  key: 81,
  name: "RemoveRaftVoter",
  listeners: ["controller", "broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    clusterId: { type: "string", nullable: true },
    voterId: { type: "int32" },
    voterDirectoryId: { type: "uuid" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, ignorable: true },
  },
} as const satisfies ApiSchema;
