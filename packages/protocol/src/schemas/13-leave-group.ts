import type { ApiSchema } from "../codec/schema.ts";

/** LeaveGroup: takes members out of a classic group. */
export const LeaveGroup = {
  key: 13,
  name: "LeaveGroup",
  listeners: ["broker"],
  versions: "0-5",
  flexibleVersions: "4+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    memberId: { type: "string", versions: "0-2" },
    members: {
      type: "[]MemberIdentity",
      versions: "3+",
      fields: {
        memberId: { type: "string" },
        groupInstanceId: { type: "string", nullable: true, default: null },
        reason: { type: "string", versions: "5+", nullable: true, default: null, ignorable: true },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "1+", ignorable: true },
    errorCode: { type: "int16" },
    members: {
      type: "[]MemberResponse",
      versions: "3+",
      fields: {
        memberId: { type: "string" },
        groupInstanceId: { type: "string", nullable: true },
        errorCode: { type: "int16" },
      },
    },
  },
} as const satisfies ApiSchema;
