import type { ApiSchema } from "../codec/schema.ts";

/** DeleteGroups: deletes groups. */
export const DeleteGroups = {
  key: 42,
  name: "DeleteGroups",
  listeners: ["broker"],
  versions: "0-2",
  flexibleVersions: "2+",
  request: {
    groupsNames: { type: "[]string", entityType: "groupId" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    results: {
      type: "[]DeletableGroupResult",
      fields: {
        groupId: { type: "string", mapKey: true, entityType: "groupId" },
        errorCode: { type: "int16" },
      },
    },
  },
} as const satisfies ApiSchema;
