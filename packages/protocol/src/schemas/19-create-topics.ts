import type { ApiSchema } from "../codec/schema.ts";

/** CreateTopics: creates topics. */
export const CreateTopics = {
  key: 19,
  name: "CreateTopics",
  listeners: ["broker", "controller"],
  versions: "2-7",
  flexibleVersions: "5+",
  request: {
    topics: {
      type: "[]CreatableTopic",
      fields: {
        name: { type: "string", mapKey: true, entityType: "topicName" },
        numPartitions: { type: "int32" },
        replicationFactor: { type: "int16" },
        assignments: {
          type: "[]CreatableReplicaAssignment",
          fields: {
            partitionIndex: { type: "int32", mapKey: true },
            brokerIds: { type: "[]int32", entityType: "brokerId" },
          },
        },
        configs: {
          type: "[]CreatableTopicConfig",
          fields: {
            name: { type: "string", mapKey: true },
            value: { type: "string", nullable: true },
          },
        },
      },
    },
    timeoutMs: { type: "int32", default: 60000 },
    validateOnly: { type: "bool", default: false },
  },
  response: {
    throttleTimeMs: { type: "int32", ignorable: true },
    topics: {
      type: "[]CreatableTopicResult",
      fields: {
        name: { type: "string", mapKey: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "7+", ignorable: true },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true, ignorable: true },
        topicConfigErrorCode: { type: "int16", versions: "5+", tag: 0, ignorable: true },
        numPartitions: { type: "int32", versions: "5+", default: -1, ignorable: true },
        replicationFactor: { type: "int16", versions: "5+", default: -1, ignorable: true },
        configs: {
          type: "[]CreatableTopicConfigs",
          versions: "5+",
          nullable: true,
          ignorable: true,
          fields: {
            name: { type: "string" },
            value: { type: "string", nullable: true },
            readOnly: { type: "bool" },
            configSource: { type: "int8", default: -1, ignorable: true },
            isSensitive: { type: "bool" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
