import type { MessageSchema } from "../../codec/schema.ts";

/** What a classic consumer subscribes to, inside JoinGroup's protocol metadata. */
export const ConsumerProtocolSubscription = {
  name: "ConsumerProtocolSubscription",
  type: "data",
  versions: "0-3",
  flexibleVersions: "none",
  fields: {
    topics: { type: "[]string" },
    userData: { type: "bytes", nullable: true, default: null },
    ownedPartitions: {
      type: "[]TopicPartition",
      versions: "1+",
      ignorable: true,
      fields: {
        topic: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: { type: "[]int32" },
      },
    },
    generationId: { type: "int32", versions: "2+", default: -1, ignorable: true },
    rackId: { type: "string", versions: "3+", nullable: true, default: null, ignorable: true },
  },
} as const satisfies MessageSchema;

/** The partitions of a classic consumer, inside SyncGroup's assignment. */
export const ConsumerProtocolAssignment = {
  name: "ConsumerProtocolAssignment",
  type: "data",
  versions: "0-3",
  flexibleVersions: "none",
  fields: {
    assignedPartitions: {
      type: "[]TopicPartition",
      fields: {
        topic: { type: "string", mapKey: true, entityType: "topicName" },
        partitions: { type: "[]int32" },
      },
    },
    userData: { type: "bytes", nullable: true, default: null },
  },
} as const satisfies MessageSchema;
