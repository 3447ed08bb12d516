import type { ApiSchema } from "../codec/schema.ts";

/** DescribeGroups: describes classic groups and their members. */
export const DescribeGroups = {
  key: 15,
  name: "DescribeGroups",
  listeners: ["broker"],
  versions: "0-6",
  flexibleVersions: "5+",
  request: {
    groups: { type: "[]string", entityType: "groupId" },
    includeAuthorizedOperations: { type: "bool", versions: "3+" },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "1+", ignorable: true },
    groups: {
      type: "[]DescribedGroup",
      fields: {
        errorCode: { type: "int16" },
        errorMessage: { type: "string", versions: "6+", nullable: true, default: null },
        groupId: { type: "string", entityType: "groupId" },
        groupState: { type: "string" },
        protocolType: { type: "string" },
        protocolData: { type: "string" },
        members: {
          type: "[]DescribedGroupMember",
          fields: {
            memberId: { type: "string" },
            groupInstanceId: {
              type: "string",
              versions: "4+",
              nullable: true,
              default: null,
              ignorable: true,
            },
            clientId: { type: "string" },
            clientHost: { type: "string" },
            memberMetadata: { type: "bytes" },
            memberAssignment: { type: "bytes" },
          },
        },
        authorizedOperations: { type: "int32", versions: "3+", default: -2_147_483_648 },
      },
    },
  },
} as const satisfies ApiSchema;
