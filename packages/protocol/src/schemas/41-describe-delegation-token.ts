import type { ApiSchema } from "../codec/schema.ts";

/** DescribeDelegationToken: lists delegation tokens. */
export const DescribeDelegationToken = {
  key: 41,
  name: "DescribeDelegationToken",
  listeners: ["broker", "controller"],
  versions: "1-3",
  flexibleVersions: "2+",
  request: {
    owners: {
      type: "[]DescribeDelegationTokenOwner",
      nullable: true,
      fields: {
        principalType: { type: "string" },
        principalName: { type: "string" },
      },
    },
  },
  response: {
    errorCode: { type: "int16" },
    tokens: {
      type: "[]DescribedDelegationToken",
      fields: {
        principalType: { type: "string" },
        principalName: { type: "string" },
        tokenRequesterPrincipalType: { type: "string", versions: "3+" },
        tokenRequesterPrincipalName: { type: "string", versions: "3+" },
        issueTimestamp: { type: "int64" },
        expiryTimestamp: { type: "int64", as: "saturated" },
        maxTimestamp: { type: "int64", as: "saturated" },
        tokenId: { type: "string" },
        hmac: { type: "bytes" },
        renewers: {
          type: "[]DescribedDelegationTokenRenewer",
          fields: {
            principalType: { type: "string" },
            principalName: { type: "string" },
          },
        },
      },
    },
    throttleTimeMs: { type: "int32" },
  },
} as const satisfies ApiSchema;
