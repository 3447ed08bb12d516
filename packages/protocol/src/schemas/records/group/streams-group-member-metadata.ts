import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const endpoint = {
  host: { type: "string" },
  port: { type: "uint16" },
} as const satisfies Fields;

const keyValue = {
  key: { type: "string" },
  value: { type: "string" },
} as const satisfies Fields;

/** Key of a streams group's member in `__consumer_offsets`. */
export const StreamsGroupMemberMetadataKey = {
  name: "StreamsGroupMemberMetadataKey",
  type: "coordinator-key",
  apiKey: 19,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    memberId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A streams group's member in `__consumer_offsets`. */
export const StreamsGroupMemberMetadataValue = {
  name: "StreamsGroupMemberMetadataValue",
  type: "coordinator-value",
  apiKey: 19,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    instanceId: { type: "string", nullable: true },
    rackId: { type: "string", nullable: true },
    clientId: { type: "string" },
    clientHost: { type: "string" },
    rebalanceTimeoutMs: { type: "int32", default: -1 },
    topologyEpoch: { type: "int32" },
    processId: { type: "string" },
    userEndpoint: { type: "Endpoint", nullable: true, default: null, fields: endpoint },
    clientTags: { type: "[]KeyValue", fields: keyValue },
  },
} as const satisfies MessageSchema;
