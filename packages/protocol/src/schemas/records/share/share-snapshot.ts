import type { MessageSchema } from "../../../codec/schema.ts";

/** Key of a whole share state in `__share_group_state`. */
export const ShareSnapshotKey = {
  name: "ShareSnapshotKey",
  type: "coordinator-key",
  apiKey: 0,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    topicId: { type: "uuid" },
    partition: { type: "int32" },
  },
} as const satisfies MessageSchema;

/** A partition's whole share state in `__share_group_state`. */
export const ShareSnapshotValue = {
  name: "ShareSnapshotValue",
  type: "coordinator-value",
  apiKey: 0,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    snapshotEpoch: { type: "int32" },
    stateEpoch: { type: "int32" },
    leaderEpoch: { type: "int32" },
    startOffset: { type: "int64" },
    deliveryCompleteCount: { type: "int32", tag: 0, default: -1 },
    createTimestamp: { type: "int64" },
    writeTimestamp: { type: "int64" },
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
