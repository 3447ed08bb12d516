import type { ApiSchema } from "../codec/schema.ts";

/** SyncGroup: hands out the assignment that a classic group's leader made. */
export const SyncGroup = {
  key: 14,
  name: "SyncGroup",
  listeners: ["broker"],
  versions: "0-5",
  flexibleVersions: "4+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    generationId: { type: "int32" },
    memberId: { type: "string" },
    groupInstanceId: { type: "string", versions: "3+", nullable: true, default: null },
    protocolType: {
      type: "string",
      versions: "5+",
      nullable: true,
      default: null,
      ignorable: true,
    },
    protocolName: {
      type: "string",
      versions: "5+",
      nullable: true,
      default: null,
      ignorable: true,
    },
    assignments: {
      type: "[]SyncGroupRequestAssignment",
      fields: {
        memberId: { type: "string" },
        assignment: { type: "bytes" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "1+", ignorable: true },
    errorCode: { type: "int16" },
    protocolType: {
      type: "string",
      versions: "5+",
      nullable: true,
      default: null,
      ignorable: true,
    },
    protocolName: {
      type: "string",
      versions: "5+",
      nullable: true,
      default: null,
      ignorable: true,
    },
    assignment: { type: "bytes" },
  },
} as const satisfies ApiSchema;
