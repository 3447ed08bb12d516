import type { ApiSchema } from "../codec/schema.ts";

/** DeleteAcls: deletes access control entries. */
export const DeleteAcls = {
  key: 31,
  name: "DeleteAcls",
  listeners: ["broker", "controller"],
  versions: "1-3",
  flexibleVersions: "2+",
  request: {
    filters: {
      type: "[]DeleteAclsFilter",
      fields: {
        resourceTypeFilter: { type: "int8" },
        resourceNameFilter: { type: "string", nullable: true },
        patternTypeFilter: { type: "int8", default: 3 },
        principalFilter: { type: "string", nullable: true },
        hostFilter: { type: "string", nullable: true },
        operation: { type: "int8" },
        permissionType: { type: "int8" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    filterResults: {
      type: "[]DeleteAclsFilterResult",
      fields: {
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
        matchingAcls: {
          type: "[]DeleteAclsMatchingAcl",
          fields: {
            errorCode: { type: "int16" },
            errorMessage: { type: "string", nullable: true },
            resourceType: { type: "int8" },
            resourceName: { type: "string" },
            patternType: { type: "int8", default: 3 },
            principal: { type: "string" },
            host: { type: "string" },
            operation: { type: "int8" },
            permissionType: { type: "int8" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
