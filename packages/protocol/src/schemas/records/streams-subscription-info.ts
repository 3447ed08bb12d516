import type { Fields, MessageSchema } from "../../codec/schema.ts";

const taskId = {
  topicGroupId: { type: "int32" },
  partition: { type: "int32" },
} as const satisfies Fields;

const partitionToOffsetSum = {
  partition: { type: "int32" },
  offsetSum: { type: "int64", as: "saturated" },
} as const satisfies Fields;

const taskOffsetSum = {
  topicGroupId: { type: "int32" },
  partition: { type: "int32", versions: "10+" },
  offsetSum: { type: "int64", versions: "10+", as: "saturated" },
  namedTopology: { type: "string", versions: "10+", nullable: true },
  partitionToOffsetSum: {
    type: "[]PartitionToOffsetSum",
    versions: "7-9",
    fields: partitionToOffsetSum,
  },
} as const satisfies Fields;

const clientTag = {
  key: { type: "bytes" },
  value: { type: "bytes" },
} as const satisfies Fields;

/** What a Streams instance subscribes with under the classic protocol. */
export const SubscriptionInfoData = {
  name: "SubscriptionInfoData",
  type: "data",
  versions: "1-11",
  flexibleVersions: "none",
  fields: {
    version: { type: "int32" },
    latestSupportedVersion: { type: "int32", versions: "3+", default: -1 },
    processId: { type: "uuid" },
    prevTasks: { type: "[]TaskId", versions: "1-6", fields: taskId },
    standbyTasks: { type: "[]TaskId", versions: "1-6", fields: taskId },
    userEndPoint: { type: "bytes", versions: "2+" },
    taskOffsetSums: { type: "[]TaskOffsetSum", versions: "7+", fields: taskOffsetSum },
    uniqueField: { type: "int8", versions: "8+" },
    errorCode: { type: "int32", versions: "9+" },
    clientTags: { type: "[]ClientTag", versions: "11+", fields: clientTag },
  },
} as const satisfies MessageSchema;
