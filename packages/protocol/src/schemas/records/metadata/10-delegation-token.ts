import type { MessageSchema } from "../../../codec/schema.ts";

/** A delegation token created or prolonged. */
export const DelegationTokenRecord = {
  name: "DelegationTokenRecord",
  type: "metadata",
  apiKey: 10,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    owner: { type: "string" },
    requester: { type: "string" },
    renewers: { type: "[]string" },
    issueTimestamp: { type: "int64" },
    maxTimestamp: { type: "int64", as: "saturated" },
    expirationTimestamp: { type: "int64", as: "saturated" },
    tokenId: { type: "string" },
  },
} as const satisfies MessageSchema;
