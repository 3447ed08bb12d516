import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of the target assignment of a consumer group's member in `__consumer_offsets`. */
export const ConsumerGroupTargetAssignmentMemberKey = {
  name: "ConsumerGroupTargetAssignmentMemberKey",
  type: "coordinator-key",
  apiKey: 7,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    memberId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The target assignment of a consumer group's member in `__consumer_offsets`. */
export const ConsumerGroupTargetAssignmentMemberValue = {
  name: "ConsumerGroupTargetAssignmentMemberValue",
  type: "coordinator-value",
  apiKey: 7,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    topicPartitions: {
      type: "[]TopicPartition",
      fields: {
        topicId: { type: "uuid" },
        partitions: { type: "[]int32" },
      },
    },
  },
} as const satisfies MessageSchema;
