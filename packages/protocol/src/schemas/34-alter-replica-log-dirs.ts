import type { ApiSchema } from "../codec/schema.ts";

/** AlterReplicaLogDirs: moves replicas between a broker's log directories. */
export const AlterReplicaLogDirs = {
  key: 34,
  name: "AlterReplicaLogDirs",
  listeners: ["broker"],
  versions: "1-2",
  flexibleVersions: "2+",
  request: {
    dirs: {
      type: "[]AlterReplicaLogDir",
      fields: {
        path: { type: "string", mapKey: true },
        topics: {
          type: "[]AlterReplicaLogDirTopic",
          fields: {
            name: { type: "string", mapKey: true, entityType: "topicName" },
            partitions: { type: "[]int32" },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    results: {
      type: "[]AlterReplicaLogDirTopicResult",
      fields: {
        topicName: { type: "string", entityType: "topicName" },
        partitions: {
          type: "[]AlterReplicaLogDirPartitionResult",
          fields: {
            partitionIndex: { type: "int32" },
            errorCode: { type: "int16" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
