import type { ApiSchema } from "../codec/schema.ts";

/** DescribeAcls: lists access control entries. */
export const DescribeAcls = {
  key: 29,
  name: "DescribeAcls",
  listeners: ["broker", "controller"],
  versions: "1-3",
  flexibleVersions: "2+",
  request: {
    resourceTypeFilter: { type: "int8" },
    resourceNameFilter: { type: "string", nullable: true },
    patternTypeFilter: { type: "int8", default: 3 },
    principalFilter: { type: "string", nullable: true },
    hostFilter: { type: "string", nullable: true },
    operation: { type: "int8" },
    permissionType: { type: "int8" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
    resources: {
      type: "[]DescribeAclsResource",
      fields: {
        resourceType: { type: "int8" },
        resourceName: { type: "string" },
        patternType: { type: "int8", default: 3 },
        acls: {
          type: "[]AclDescription",
          fields: {
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
