import type { Fields, MessageSchema } from "../../codec/schema.ts";

const voter = {
  voterId: { type: "int32" },
  voterDirectoryId: { type: "uuid", versions: "1+" },
} as const satisfies Fields;

/** The key of a control record: which kind it is. */
export const ControlRecordTypeSchema = {
  name: "ControlRecordTypeSchema",
  type: "data",
  versions: "0",
  flexibleVersions: "none",
  fields: {
    type: { type: "int16" },
  },
} as const satisfies MessageSchema;

/** Value of the control record that commits or aborts a producer's transaction. */
export const EndTxnMarker = {
  name: "EndTxnMarker",
  type: "data",
  versions: "0",
  flexibleVersions: "none",
  fields: {
    coordinatorEpoch: { type: "int32" },
  },
} as const satisfies MessageSchema;

/** Value of the control record that a new leader of the metadata log writes first. */
export const LeaderChangeMessage = {
  name: "LeaderChangeMessage",
  type: "data",
  versions: "0-1",
  flexibleVersions: "0+",
  fields: {
    version: { type: "int16" },
    leaderId: { type: "int32", entityType: "brokerId" },
    voters: { type: "[]Voter", fields: voter },
    grantingVoters: { type: "[]Voter", fields: voter },
  },
} as const satisfies MessageSchema;

/** Value of the control record that opens a snapshot. */
export const SnapshotHeaderRecord = {
  name: "SnapshotHeaderRecord",
  type: "data",
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    version: { type: "int16" },
    lastContainedLogTimestamp: { type: "int64", as: "saturated" },
  },
} as const satisfies MessageSchema;

/** Value of the control record that closes a snapshot. */
export const SnapshotFooterRecord = {
  name: "SnapshotFooterRecord",
  type: "data",
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    version: { type: "int16" },
  },
} as const satisfies MessageSchema;

/** Value of the control record that sets the kraft.version of the quorum. */
export const KRaftVersionRecord = {
  name: "KRaftVersionRecord",
  type: "data",
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    version: { type: "int16" },
    kRaftVersion: { type: "int16" },
  },
} as const satisfies MessageSchema;

/** Value of the control record that names the voters of the quorum. */
export const VotersRecord = {
  name: "VotersRecord",
  type: "data",
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    version: { type: "int16" },
    voters: {
      type: "[]Voter",
      fields: {
        voterId: { type: "int32", entityType: "brokerId" },
        voterDirectoryId: { type: "uuid" },
        endpoints: {
          type: "[]Endpoint",
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
    },
  },
} as const satisfies MessageSchema;
