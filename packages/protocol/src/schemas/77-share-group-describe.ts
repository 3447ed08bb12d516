import type { ApiSchema, Fields } from "../codec/schema.ts";

const topicPartitions = {
  topicId: { type: "uuid" },
  topicName: { type: "string", entityType: "topicName" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

const assignment = {
  topicPartitions: { type: "[]TopicPartitions", fields: topicPartitions },
} as const satisfies Fields;

/** ShareGroupDescribe: describes share groups and their members. */
export const ShareGroupDescribe = {
  key: 77,
  name: "ShareGroupDescribe",
  listeners: ["broker"],
  versions: "1",
  flexibleVersions: "1+",
  request: {
    groupIds: { type: "[]string", entityType: "groupId" },
    includeAuthorizedOperations: { type: "bool" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    groups: {
      type: "[]DescribedGroup",
      fields: {
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true, default: null },
        groupId: { type: "string", entityType: "groupId" },
        groupState: { type: "string" },
        groupEpoch: { type: "int32" },
        assignmentEpoch: { type: "int32" },
        assignorName: { type: "string" },
        members: {
          type: "[]Member",
          fields: {
            memberId: { type: "string" },
            rackId: { type: "string", nullable: true, default: null },
            memberEpoch: { type: "int32" },
            clientId: { type: "string" },
            clientHost: { type: "string" },
            subscribedTopicNames: { type: "[]string", entityType: "topicName" },
            assignment: { type: "Assignment", fields: assignment },
          },
        },
        authorizedOperations: { type: "int32", default: -2_147_483_648 },
      },
    },
  },
} as const satisfies ApiSchema;
