import type { ApiSchema } from "../codec/schema.ts";

/** CreateAcls: creates access control entries. */
export const CreateAcls = {
  key: 30,
  name: "CreateAcls",
  listeners: ["broker", "controller"],
  versions: "1-3",
  flexibleVersions: "2+",
  request: {
    creations: {
      type: "[]AclCreation",
      fields: {
        resourceType: { type: "int8" },
        resourceName: { type: "string" },
        resourcePatternType: { type: "int8", default: 3 },
        principal: { type: "string" },
        host: { type: "string" },
        operation: { type: "int8" },
        permissionType: { type: "int8" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    results: {
      type: "[]AclCreationResult",
      fields: {
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
      },
    },
  },
} as const satisfies ApiSchema;
