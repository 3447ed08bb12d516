import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const topicPartitionsInfo = {
  topicId: { type: "uuid" },
  topicName: { type: "string" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

const topicInfo = {
  topicId: { type: "uuid" },
  topicName: { type: "string" },
} as const satisfies Fields;

/** Key of the partitions whose share state exists in `__consumer_offsets`. */
export const ShareGroupStatePartitionMetadataKey = {
  name: "ShareGroupStatePartitionMetadataKey",
  type: "coordinator-key",
  apiKey: 15,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The partitions whose share state exists in `__consumer_offsets`. */
export const ShareGroupStatePartitionMetadataValue = {
  name: "ShareGroupStatePartitionMetadataValue",
  type: "coordinator-value",
  apiKey: 15,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    initializingTopics: { type: "[]TopicPartitionsInfo", fields: topicPartitionsInfo },
    initializedTopics: { type: "[]TopicPartitionsInfo", fields: topicPartitionsInfo },
    deletingTopics: { type: "[]TopicInfo", fields: topicInfo },
  },
} as const satisfies MessageSchema;
