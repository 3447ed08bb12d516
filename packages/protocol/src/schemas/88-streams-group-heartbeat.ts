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

const taskIds = {
  subtopologyId: { type: "string" },
  partitions: { type: "[]int32" },
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

const status = {
  statusCode: { type: "int8" },
  statusDetail: { type: "string" },
} as const satisfies Fields;

const topicPartition = {
  topic: { type: "string", entityType: "topicName" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

/** StreamsGroupHeartbeat: keeps a streams group's member alive and assigns its tasks. */
export const StreamsGroupHeartbeat = {
  key: 88,
  name: "StreamsGroupHeartbeat",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    memberId: { type: "string" },
    memberEpoch: { type: "int32" },
    endpointInformationEpoch: { type: "int32" },
    instanceId: { type: "string", nullable: true, default: null },
    rackId: { type: "string", nullable: true, default: null },
    rebalanceTimeoutMs: { type: "int32", default: -1 },
    topology: {
      type: "Topology",
      nullable: true,
      default: null,
      fields: {
        epoch: { type: "int32" },
        subtopologies: {
          type: "[]Subtopology",
          fields: {
            subtopologyId: { type: "string" },
            sourceTopics: { type: "[]string", entityType: "topicName" },
            sourceTopicRegex: { type: "[]string" },
            stateChangelogTopics: { type: "[]TopicInfo", fields: topicInfo },
            repartitionSinkTopics: { type: "[]string", entityType: "topicName" },
            repartitionSourceTopics: { type: "[]TopicInfo", fields: topicInfo },
            copartitionGroups: {
              type: "[]CopartitionGroup",
              fields: {
                sourceTopics: { type: "[]int16" },
                sourceTopicRegex: { type: "[]int16" },
                repartitionSourceTopics: { type: "[]int16" },
              },
            },
          },
        },
      },
    },
    activeTasks: { type: "[]TaskIds", nullable: true, default: null, fields: taskIds },
    standbyTasks: { type: "[]TaskIds", nullable: true, default: null, fields: taskIds },
    warmupTasks: { type: "[]TaskIds", nullable: true, default: null, fields: taskIds },
    processId: { type: "string", nullable: true, default: null },
    userEndpoint: { type: "Endpoint", nullable: true, default: null, fields: endpoint },
    clientTags: { type: "[]KeyValue", nullable: true, default: null, fields: keyValue },
    taskOffsets: { type: "[]TaskOffset", nullable: true, default: null, fields: taskOffset },
    taskEndOffsets: { type: "[]TaskOffset", nullable: true, default: null, fields: taskOffset },
    shutdownApplication: { type: "bool", default: false },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true, default: null },
    memberId: { type: "string" },
    memberEpoch: { type: "int32" },
    heartbeatIntervalMs: { type: "int32" },
    acceptableRecoveryLag: { type: "int32" },
    taskOffsetIntervalMs: { type: "int32" },
    status: { type: "[]Status", nullable: true, fields: status },
    activeTasks: { type: "[]TaskIds", nullable: true, default: null, fields: taskIds },
    standbyTasks: { type: "[]TaskIds", nullable: true, default: null, fields: taskIds },
    warmupTasks: { type: "[]TaskIds", nullable: true, default: null, fields: taskIds },
    endpointInformationEpoch: { type: "int32" },
    partitionsByUserEndpoint: {
      type: "[]EndpointToPartitions",
      nullable: true,
      default: null,
      fields: {
        userEndpoint: { type: "Endpoint", fields: endpoint },
        activePartitions: { type: "[]TopicPartition", fields: topicPartition },
        standbyPartitions: { type: "[]TopicPartition", fields: topicPartition },
      },
    },
  },
} as const satisfies ApiSchema;
