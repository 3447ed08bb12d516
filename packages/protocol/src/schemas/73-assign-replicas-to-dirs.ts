import type { ApiSchema } from "../codec/schema.ts";

/** AssignReplicasToDirs: tells the controller in which log directories replicas lie. */
export const AssignReplicasToDirs = {
  key: 73,
  name: "AssignReplicasToDirs",
  listeners: ["controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    brokerId: { type: "int32", entityType: "brokerId" },
    brokerEpoch: { type: "int64", default: -1 },
    directories: {
      type: "[]DirectoryData",
      fields: {
        id: { type: "uuid" },
        topics: {
          type: "[]TopicData",
          fields: {
            topicId: { type: "uuid" },
            partitions: {
              type: "[]PartitionData",
              fields: {
                partitionIndex: { type: "int32" },
              },
            },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    directories: {
      type: "[]DirectoryData",
      fields: {
        id: { type: "uuid" },
        topics: {
          type: "[]TopicData",
          fields: {
            topicId: { type: "uuid" },
            partitions: {
              type: "[]PartitionData",
              fields: {
                partitionIndex: { type: "int32" },
                errorCode: { type: "int16" },
              },
            },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
