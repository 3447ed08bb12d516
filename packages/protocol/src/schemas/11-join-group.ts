import type { ApiSchema } from "../codec/schema.ts";

/** JoinGroup: enters a member into a classic group's rebalance. */
export const JoinGroup = {
  key: 11,
  name: "JoinGroup",
  listeners: ["broker"],
  versions: "0-9",
  flexibleVersions: "6+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    sessionTimeoutMs: { type: "int32" },
    rebalanceTimeoutMs: { type: "int32", versions: "1+", default: -1, ignorable: true },
    memberId: { type: "string" },
    groupInstanceId: { type: "string", versions: "5+", nullable: true, default: null },
    protocolType: { type: "string" },
    protocols: {
      type: "[]JoinGroupRequestProtocol",
      fields: {
        name: { type: "string", mapKey: true },
        metadata: { type: "bytes" },
      },
    },
    reason: { type: "string", versions: "8+", nullable: true, default: null, ignorable: true },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "2+", ignorable: true },
    errorCode: { type: "int16" },
    generationId: { type: "int32", default: -1 },
    protocolType: {
      type: "string",
      versions: "7+",
      nullable: true,
      default: null,
      ignorable: true,
    },
    protocolName: { type: "string", nullable: "7+" },
    leader: { type: "string" },
    skipAssignment: { type: "bool", versions: "9+", default: false },
    memberId: { type: "string" },
    members: {
      type: "[]JoinGroupResponseMember",
      fields: {
        memberId: { type: "string" },
        groupInstanceId: {
          type: "string",
          versions: "5+",
          nullable: true,
          default: null,
          ignorable: true,
        },
        metadata: { type: "bytes" },
      },
    },
  },
} as const satisfies ApiSchema;
