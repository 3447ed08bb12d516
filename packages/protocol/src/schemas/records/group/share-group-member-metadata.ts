import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a share group's member in `__consumer_offsets`. */
export const ShareGroupMemberMetadataKey = {
  name: "ShareGroupMemberMetadataKey",
  type: "coordinator-key",
  apiKey: 10,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    memberId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A share group's member in `__consumer_offsets`. */
export const ShareGroupMemberMetadataValue = {
  name: "ShareGroupMemberMetadataValue",
  type: "coordinator-value",
  apiKey: 10,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    rackId: { type: "string", nullable: true },
    clientId: { type: "string" },
    clientHost: { type: "string" },
    subscribedTopicNames: { type: "[]string" },
  },
} as const satisfies MessageSchema;
