import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const memberMetadata = {
  memberId: { type: "string" },
  groupInstanceId: {
    type: "string",
    versions: "3+",
    nullable: true,
    default: null,
    ignorable: true,
  },
  clientId: { type: "string" },
  clientHost: { type: "string" },
  rebalanceTimeout: { type: "int32", versions: "1+", default: -1, ignorable: true },
  sessionTimeout: { type: "int32" },
  subscription: { type: "bytes" },
  assignment: { type: "bytes" },
} as const satisfies Fields;

/** Key of a classic group in `__consumer_offsets`. */
export const GroupMetadataKey = {
  name: "GroupMetadataKey",
  type: "coordinator-key",
  apiKey: 2,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    group: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A classic group in `__consumer_offsets`. */
export const GroupMetadataValue = {
  name: "GroupMetadataValue",
  type: "coordinator-value",
  apiKey: 2,
  versions: "0-4",
  flexibleVersions: "4+",
  fields: {
    protocolType: { type: "string" },
    generation: { type: "int32" },
    protocol: { type: "string", nullable: true },
    leader: { type: "string", nullable: true },
    currentStateTimestamp: { type: "int64", versions: "2+", default: -1, ignorable: true },
    members: { type: "[]MemberMetadata", fields: memberMetadata },
  },
} as const satisfies MessageSchema;
