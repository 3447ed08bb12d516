import type { ApiSchema, Fields } from "../codec/schema.ts";

const topicPartitions = {
  topicId: { type: "uuid" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

/** ShareGroupHeartbeat: keeps a share group's member alive and gives its assignment. */
export const ShareGroupHeartbeat = {
  key: 76,
  name: "ShareGroupHeartbeat",
  listeners: ["broker"],
  versions: "1",
  flexibleVersions: "1+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    memberId: { type: "string" },
    memberEpoch: { type: "int32" },
    rackId: { type: "string", nullable: true, default: null },
    subscribedTopicNames: {
      type: "[]string",
      nullable: true,
      default: null,
      entityType: "topicName",
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
