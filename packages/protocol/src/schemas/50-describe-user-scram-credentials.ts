import type { ApiSchema } from "../codec/schema.ts";

/** DescribeUserScramCredentials: lists the SCRAM mechanisms of users. */
export const DescribeUserScramCredentials = {
  key: 50,
  name: "DescribeUserScramCredentials",
  listeners: ["broker", "controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    users: {
      type: "[]UserName",
      nullable: true,
      fields: {
        name: { type: "string" },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
    results: {
      type: "[]DescribeUserScramCredentialsResult",
      fields: {
        user: { type: "string" },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
        credentialInfos: {
          type: "[]CredentialInfo",
          fields: {
            mechanism: { type: "int8" },
            iterations: { type: "int32" },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
