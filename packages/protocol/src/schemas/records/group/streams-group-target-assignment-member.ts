import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const taskIds = {
  subtopologyId: { type: "string" },
  partitions: { type: "[]int32" },
} as const satisfies Fields;

/** Key of the target tasks of a streams group's member in `__consumer_offsets`. */
export const StreamsGroupTargetAssignmentMemberKey = {
  name: "StreamsGroupTargetAssignmentMemberKey",
  type: "coordinator-key",
  apiKey: 21,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    memberId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The target tasks of a streams group's member in `__consumer_offsets`. */
export const StreamsGroupTargetAssignmentMemberValue = {
  name: "StreamsGroupTargetAssignmentMemberValue",
  type: "coordinator-value",
  apiKey: 21,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    activeTasks: { type: "[]TaskIds", fields: taskIds },
    standbyTasks: { type: "[]TaskIds", fields: taskIds },
    warmupTasks: { type: "[]TaskIds", fields: taskIds },
  },
} as const satisfies MessageSchema;
