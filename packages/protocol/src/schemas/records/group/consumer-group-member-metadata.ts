import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a consumer group's member in `__consumer_offsets`. */
export const ConsumerGroupMemberMetadataKey = {
  name: "ConsumerGroupMemberMetadataKey",
  type: "coordinator-key",
  apiKey: 5,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    memberId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A consumer group's member in `__consumer_offsets`. */
export const ConsumerGroupMemberMetadataValue = {
  name: "ConsumerGroupMemberMetadataValue",
  type: "coordinator-value",
  apiKey: 5,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    instanceId: { type: "string", nullable: true },
    rackId: { type: "string", nullable: true },
    clientId: { type: "string" },
    clientHost: { type: "string" },
    subscribedTopicNames: { type: "[]string" },
    subscribedTopicRegex: { type: "string", nullable: true },
    rebalanceTimeoutMs: { type: "int32", default: -1 },
    serverAssignor: { type: "string", nullable: true },
    classicMemberMetadata: {
      type: "ClassicMemberMetadata",
      nullable: true,
      tag: 0,
      fields: {
        sessionTimeoutMs: { type: "int32" },
        supportedProtocols: {
          type: "[]ClassicProtocol",
          fields: {
            name: { type: "string" },
            metadata: { type: "bytes" },
          },
        },
      },
    },
  },
} as const satisfies MessageSchema;
