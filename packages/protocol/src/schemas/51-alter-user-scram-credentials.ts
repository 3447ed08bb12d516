import type { ApiSchema } from "../codec/schema.ts";

/** AlterUserScramCredentials: changes the SCRAM credentials of users. */
export const AlterUserScramCredentials = {
  key: 51,
  name: "AlterUserScramCredentials",
  listeners: ["broker", "controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    deletions: {
      type: "[]ScramCredentialDeletion",
      fields: {
        name: { type: "string" },
        mechanism: { type: "int8" },
      },
    },
    upsertions: {
      type: "[]ScramCredentialUpsertion",
      fields: {
        name: { type: "string" },
        mechanism: { type: "int8" },
        iterations: { type: "int32" },
        salt: { type: "bytes" },
        saltedPassword: { type: "bytes" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    results: {
      type: "[]AlterUserScramCredentialsResult",
      fields: {
        user: { type: "string" },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
      },
    },
  },
} as const satisfies ApiSchema;
