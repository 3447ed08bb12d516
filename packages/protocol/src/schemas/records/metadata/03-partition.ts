import type { MessageSchema } from "../../../codec/schema.ts";

/** A partition with all of its state. */
export const PartitionRecord = {
  name: "PartitionRecord",
  type: "metadata",
  apiKey: 3,
  versions: "0-2",
  flexibleVersions: "0+",
  fields: {
    partitionId: { type: "int32", default: -1 },
    topicId: { type: "uuid" },
    replicas: { type: "[]int32", entityType: "brokerId" },
    isr: { type: "[]int32" },
    removingReplicas: { type: "[]int32", entityType: "brokerId" },
    addingReplicas: { type: "[]int32", entityType: "brokerId" },
    leader: { type: "int32", default: -1, entityType: "brokerId" },
    leaderRecoveryState: { type: "int8", tag: 0, default: 0 },
    leaderEpoch: { type: "int32", default: -1 },
    partitionEpoch: { type: "int32", default: -1 },
    directories: { type: "[]uuid", versions: "1+" },
    eligibleLeaderReplicas: {
      type: "[]int32",
      versions: "2+",
      nullable: true,
      tag: 1,
      default: null,
      entityType: "brokerId",
    },
    lastKnownElr: {
      type: "[]int32",
      versions: "2+",
      nullable: true,
      tag: 2,
      default: null,
      entityType: "brokerId",
    },
  },
} as const satisfies MessageSchema;
