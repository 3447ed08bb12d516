import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const taskIds = {
  subtopologyId: { type: "string" },
  partitions: { type: "[]int32" },
  assignmentEpochs: { type: "[]int32", nullable: true, tag: 0 },
} as const satisfies Fields;

/** Key of the current tasks of a streams group's member in `__consumer_offsets`. */
export const StreamsGroupCurrentMemberAssignmentKey = {
  name: "StreamsGroupCurrentMemberAssignmentKey",
  type: "coordinator-key",
  apiKey: 22,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
    memberId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** The current tasks of a streams group's member in `__consumer_offsets`. */
export const StreamsGroupCurrentMemberAssignmentValue = {
  name: "StreamsGroupCurrentMemberAssignmentValue",
  type: "coordinator-value",
  apiKey: 22,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    memberEpoch: { type: "int32" },
    previousMemberEpoch: { type: "int32" },
    state: { type: "int8" },
    activeTasks: { type: "[]TaskIds", fields: taskIds },
    standbyTasks: { type: "[]TaskIds", fields: taskIds },
    warmupTasks: { type: "[]TaskIds", fields: taskIds },
    activeTasksPendingRevocation: { type: "[]TaskIds", fields: taskIds },
    standbyTasksPendingRevocation: { type: "[]TaskIds", fields: taskIds },
    warmupTasksPendingRevocation: { type: "[]TaskIds", fields: taskIds },
  },
} as const satisfies MessageSchema;
