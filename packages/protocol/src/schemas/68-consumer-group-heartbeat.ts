import type { ApiSchema, Fields } from "../codec/schema.ts";

const topicPartitions = {
  topicId: { type: "uuid" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

/** ConsumerGroupHeartbeat: keeps a consumer group's member alive and reconciles its assignment. */
export const ConsumerGroupHeartbeat = {
  key: 68,
  name: "ConsumerGroupHeartbeat",
  listeners: ["broker"],
  versions: "0-1",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    memberId: { type: "string" },
    memberEpoch: { type: "int32" },
    instanceId: { type: "string", nullable: true, default: null },
    rackId: { type: "string", nullable: true, default: null },
    rebalanceTimeoutMs: { type: "int32", default: -1 },
    subscribedTopicNames: {
      type: "[]string",
      nullable: true,
      default: null,
      entityType: "topicName",
    },
    subscribedTopicRegex: { type: "string", versions: "1+", nullable: true, default: null },
    serverAssignor: { type: "string", nullable: true, default: null },
    topicPartitions: {
      type: "[]TopicPartitions",
      nullable: true,
      default: null,
      fields: {
        topicId: { type: "uuid" },
        partitions: { type: "[]int32" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, default: null },
    memberId: { type: "string", nullable: true, default: null },
    memberEpoch: { type: "int32" },
    heartbeatIntervalMs: { type: "int32" },
    assignment: {
      type: "Assignment",
      nullable: true,
      default: null,
      fields: {
        topicPartitions: { type: "[]TopicPartitions", fields: topicPartitions },
      },
    },
  },
} as const satisfies ApiSchema;
