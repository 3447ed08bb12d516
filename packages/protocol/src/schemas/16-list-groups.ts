import type { ApiSchema } from "../codec/schema.ts";

/** ListGroups: lists the groups that a broker coordinates. */
export const ListGroups = {
  key: 16,
  name: "ListGroups",
  listeners: ["broker"],
  versions: "0-5",
  flexibleVersions: "3+",
  request: {
    statesFilter: { type: "[]string", versions: "4+" },
    typesFilter: { type: "[]string", versions: "5+" },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "1+", ignorable: true },
    errorCode: { type: "int16" },
    groups: {
      type: "[]ListedGroup",
      fields: {
        groupId: { type: "string", entityType: "groupId" },
        protocolType: { type: "string" },
        groupState: { type: "string", versions: "4+", ignorable: true },
        groupType: { type: "string", versions: "5+", ignorable: true },
      },
    },
  },
} as const satisfies ApiSchema;
