import type { ApiSchema } from "../codec/schema.ts";

/** CreateDelegationToken: creates a delegation token. */
export const CreateDelegationToken = {
  key: 38,
  name: "CreateDelegationToken",
  listeners: ["broker", "controller"],
  versions: "1-3",
  flexibleVersions: "2+",
  request: {
    ownerPrincipalType: { type: "string", versions: "3+", nullable: true },
    ownerPrincipalName: { type: "string", versions: "3+", nullable: true },
    renewers: {
      type: "[]CreatableRenewers",
      fields: {
        principalType: { type: "string" },
        principalName: { type: "string" },
      },
    },
    maxLifetimeMs: { type: "int64", as: "saturated" },
  },
  response: {
    errorCode: { type: "int16" },
    principalType: { type: "string" },
    principalName: { type: "string" },
    tokenRequesterPrincipalType: { type: "string", versions: "3+" },
    tokenRequesterPrincipalName: { type: "string", versions: "3+" },
    issueTimestampMs: { type: "int64" },
    expiryTimestampMs: { type: "int64", as: "saturated" },
    maxTimestampMs: { type: "int64", as: "saturated" },
    tokenId: { type: "string" },
    hmac: { type: "bytes" },
    throttleTimeMs: { type: "int32" },
  },
} as const satisfies ApiSchema;
