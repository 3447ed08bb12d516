import type { ApiSchema, Fields } from "../codec/schema.ts";

const keyValue = {
  key: { type: "string" },
  value: { type: "string" },
} as const satisfies Fields;

const topicInfo = {
  name: { type: "string", entityType: "topicName" },
  partitions: { type: "int32" },
  replicationFactor: { type: "int16" },
  topicConfigs: { type: "[]KeyValue", fields: keyValue },
} as const satisfies Fields;

const endpoint = {
  host: { type: "string" },
  port: { type: "uint16" },
} as const satisfies Fields;

const taskOffset = {
  subtopologyId: { type: "string" },
  partition: { type: "int32" },
  offset: { type: "int64", as: "saturated" },
} as const satisfies Fields;

const taskIds = {
  subtopologyId: { type: "string" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

const assignment = {
  activeTasks: { type: "[]TaskIds", fields: taskIds },
  standbyTasks: { type: "[]TaskIds", fields: taskIds },
  warmupTasks: { type: "[]TaskIds", fields: taskIds },
} as const satisfies Fields;

/** StreamsGroupDescribe: describes streams groups and their members. */
export const StreamsGroupDescribe = {
  key: 89,
  name: "StreamsGroupDescribe",
  listeners: ["broker"],
  versions: "0",
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
        topology: {
          type: "Topology",
          nullable: true,
          default: null,
          fields: {
            epoch: { type: "int32" },
            subtopologies: {
              type: "[]Subtopology",
              nullable: true,
              default: null,
              fields: {
                subtopologyId: { type: "string" },
                sourceTopics: { type: "[]string", entityType: "topicName" },
                repartitionSinkTopics: { type: "[]string", entityType: "topicName" },
                stateChangelogTopics: { type: "[]TopicInfo", fields: topicInfo },
                repartitionSourceTopics: { type: "[]TopicInfo", fields: topicInfo },
              },
            },
          },
        },
        members: {
          type: "[]Member",
          fields: {
            memberId: { type: "string" },
            memberEpoch: { type: "int32" },
            instanceId: { type: "string", nullable: true, default: null },
            rackId: { type: "string", nullable: true, default: null },
            clientId: { type: "string" },
            clientHost: { type: "string" },
            topologyEpoch: { type: "int32" },
            processId: { type: "string" },
            userEndpoint: { type: "Endpoint", nullable: true, default: null, fields: endpoint },
            clientTags: { type: "[]KeyValue", fields: keyValue },
            taskOffsets: { type: "[]TaskOffset", fields: taskOffset },
            taskEndOffsets: { type: "[]TaskOffset", fields: taskOffset },
            assignment: { type: "Assignment", fields: assignment },
            targetAssignment: { type: "Assignment", fields: assignment },
            isClassic: { type: "bool" },
          },
        },
        authorizedOperations: { type: "int32", default: -2_147_483_648 },
      },
    },
  },
} as const satisfies ApiSchema;
