import type { ApiSchema, Fields } from "../codec/schema.ts";

const topicPartitions = {
  topicId: { type: "uuid" },
  topicName: { type: "string", entityType: "topicName" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

const assignment = {
  topicPartitions: { type: "[]TopicPartitions", fields: topicPartitions },
} as const satisfies Fields;

/** ConsumerGroupDescribe: describes consumer groups and their members. */
export const ConsumerGroupDescribe = {
  key: 69,
  name: "ConsumerGroupDescribe",
  listeners: ["broker"],
  versions: "0-1",
  flexibleVersions: "0+",
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
            instanceId: { type: "string", nullable: true, default: null },
            rackId: { type: "string", nullable: true, default: null },
            memberEpoch: { type: "int32" },
            clientId: { type: "string" },
            clientHost: { type: "string" },
            subscribedTopicNames: { type: "[]string", entityType: "topicName" },
            subscribedTopicRegex: { type: "string", nullable: true, default: null },
            assignment: { type: "Assignment", fields: assignment },
            targetAssignment: { type: "Assignment", fields: assignment },
            memberType: { type: "int8", versions: "1+", default: -1, ignorable: true },
          },
        },
        authorizedOperations: { type: "int32", default: -2_147_483_648 },
      },
    },
  },
} as const satisfies ApiSchema;
