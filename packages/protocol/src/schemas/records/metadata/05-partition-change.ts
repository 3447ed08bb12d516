import type { MessageSchema } from "../../../codec/schema.ts";

/** A change of a partition: only what is given changes. */
export const PartitionChangeRecord = {
  name: "PartitionChangeRecord",
  type: "metadata",
  apiKey: 5,
  versions: "0-2",
  flexibleVersions: "0+",
  fields: {
    partitionId: { type: "int32", default: -1 },
    topicId: { type: "uuid" },
    isr: { type: "[]int32", nullable: true, tag: 0, default: null, entityType: "brokerId" },
    leader: { type: "int32", tag: 1, default: -2, entityType: "brokerId" },
    replicas: { type: "[]int32", nullable: true, tag: 2, default: null, entityType: "brokerId" },
    removingReplicas: {
      type: "[]int32",
      nullable: true,
      tag: 3,
      default: null,
      entityType: "brokerId",
    },
    addingReplicas: {
      type: "[]int32",
      nullable: true,
      tag: 4,
      default: null,
      entityType: "brokerId",
    },
    leaderRecoveryState: { type: "int8", tag: 5, default: -1 },
    directories: { type: "[]uuid", versions: "1+", nullable: true, tag: 8, default: null },
    eligibleLeaderReplicas: {
      type: "[]int32",
      versions: "2+",
      nullable: true,
      tag: 6,
      default: null,
      entityType: "brokerId",
    },
    lastKnownElr: {
      type: "[]int32",
      versions: "2+",
      nullable: true,
      tag: 7,
      default: null,
      entityType: "brokerId",
    },
  },
} as const satisfies MessageSchema;
