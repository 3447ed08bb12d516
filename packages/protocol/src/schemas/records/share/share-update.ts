import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a change of share state in `__share_group_state`. */
export const ShareUpdateKey = {
  name: "ShareUpdateKey",
  type: "coordinator-key",
  apiKey: 1,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    topicId: { type: "uuid" },
    partition: { type: "int32" },
  },
} as const satisfies MessageSchema;

/** A change of a partition's share state in `__share_group_state`. */
export const ShareUpdateValue = {
  name: "ShareUpdateValue",
  type: "coordinator-value",
  apiKey: 1,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    snapshotEpoch: { type: "int32" },
    leaderEpoch: { type: "int32" },
    startOffset: { type: "int64" },
    deliveryCompleteCount: { type: "int32", tag: 0, default: -1 },
    stateBatches: {
      type: "[]StateBatch",
      fields: {
        firstOffset: { type: "int64" },
        lastOffset: { type: "int64" },
        deliveryState: { type: "int8" },
        deliveryCount: { type: "int16" },
      },
    },
  },
} as const satisfies MessageSchema;
