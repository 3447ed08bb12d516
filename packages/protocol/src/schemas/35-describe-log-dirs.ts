import type { ApiSchema } from "../codec/schema.ts";

/** DescribeLogDirs: tells the size of each replica in a broker's log directories. */
export const DescribeLogDirs = {
  key: 35,
  name: "DescribeLogDirs",
  listeners: ["broker"],
  versions: "1-5",
  flexibleVersions: "2+",
  request: {
    topics: {
      type: "[]DescribableLogDirTopic",
      nullable: true,
      fields: {
        topic: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: { type: "[]int32" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16", versions: "3+", ignorable: true },
    results: {
      type: "[]DescribeLogDirsResult",
      fields: {
        errorCode: { type: "int16" },
        logDir: { type: "string" },
        topics: {
          type: "[]DescribeLogDirsTopic",
          fields: {
            name: { type: "string", entityType: "topicName" },
            partitions: {
              type: "[]DescribeLogDirsPartition",
              fields: {
                partitionIndex: { type: "int32" },
                partitionSize: { type: "int64" },
                offsetLag: { type: "int64" },
                isFutureKey: { type: "bool" },
              },
            },
          },
        },
        totalBytes: {
          type: "int64",
          versions: "4+",
          default: -1,
          ignorable: true,
          as: "saturated",
        },
        usableBytes: {
          type: "int64",
          versions: "4+",
          default: -1,
          ignorable: true,
          as: "saturated",
        },
        isCordoned: { type: "bool", versions: "5+", default: false, ignorable: true },
      },
    },
  },
} as const satisfies ApiSchema;
