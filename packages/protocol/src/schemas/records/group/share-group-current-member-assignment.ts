import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const topicPartitions = {
  topicId: { type: "uuid" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

/** Key of the current assignment of a share group's member in `__consumer_offsets`. */
export const ShareGroupCurrentMemberAssignmentKey = {
  name: "ShareGroupCurrentMemberAssignmentKey",
  type: "coordinator-key",
  apiKey: 14,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    memberId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The current assignment of a share group's member in `__consumer_offsets`. */
export const ShareGroupCurrentMemberAssignmentValue = {
  name: "ShareGroupCurrentMemberAssignmentValue",
  type: "coordinator-value",
  apiKey: 14,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    memberEpoch: { type: "int32" },
    previousMemberEpoch: { type: "int32" },
    state: { type: "int8" },
    assignedPartitions: { type: "[]TopicPartitions", fields: topicPartitions },
  },
} as const satisfies MessageSchema;
