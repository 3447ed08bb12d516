import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of the partitions that a consumer group is subscribed to in `__consumer_offsets`. */
export const ConsumerGroupPartitionMetadataKey = {
  name: "ConsumerGroupPartitionMetadataKey",
  type: "coordinator-key",
  apiKey: 4,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The partitions that a consumer group is subscribed to in `__consumer_offsets`. */
export const ConsumerGroupPartitionMetadataValue = {
  name: "ConsumerGroupPartitionMetadataValue",
  type: "coordinator-value",
  apiKey: 4,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    topics: {
      type: "[]TopicMetadata",
      fields: {
        topicId: { type: "uuid" },
        topicName: { type: "string" },
        numPartitions: { type: "int32" },
        partitionMetadata: {
          type: "[]PartitionMetadata",
          fields: {
            partition: { type: "int32" },
            racks: { type: "[]string" },
          },
        },
      },
    },
  },
} as const satisfies MessageSchema;
