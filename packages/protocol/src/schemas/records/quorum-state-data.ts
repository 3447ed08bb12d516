import type { MessageSchema } from "../../codec/schema.ts";

/** The quorum-state file: the vote and the leader that a node knows of. */
export const QuorumStateData = {
  name: "QuorumStateData",
  type: "data",
  versions: "0-1",
  flexibleVersions: "0+",
  fields: {
    clusterId: { type: "string", versions: "0" },
    leaderId: { type: "int32", default: -1 },
    leaderEpoch: { type: "int32", default: -1 },
    votedId: { type: "int32", default: -1 },
    votedDirectoryId: { type: "uuid", versions: "1+" },
    appliedOffset: { type: "int64", versions: "0" },
    currentVoters: {
      type: "[]Voter",
      versions: "0",
      nullable: true,
      fields: {
        voterId: { type: "int32" },
      },
    },
  },
} as const satisfies MessageSchema;
