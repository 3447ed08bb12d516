import type { ApiSchema } from "../codec/schema.ts";

/** ElectLeaders: elects leaders of partitions. */
export const ElectLeaders = {
  key: 43,
  name: "ElectLeaders",
  listeners: ["broker", "controller"],
  versions: "0-2",
  flexibleVersions: "2+",
  request: {
    electionType: { type: "int8", versions: "1+" },
    topicPartitions: {
      type: "[]TopicPartitions",
      nullable: true,
      fields: {
        topic: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: { type: "[]int32" },
      },
    },
    timeoutMs: { type: "int32", default: 60000 },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16", versions: "1+" },
    replicaElectionResults: {
      type: "[]ReplicaElectionResult",
      fields: {
        topic: { type: "string", entityType: "topicName" },
        partitionResult: {
          type: "[]PartitionResult",
          fields: {
            partitionId: { type: "int32" },
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
