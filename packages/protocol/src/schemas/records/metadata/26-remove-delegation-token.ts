import type { MessageSchema } from "../../../codec/schema.ts";

/** A delegation token removed. */
export const RemoveDelegationTokenRecord = {
  name: "RemoveDelegationTokenRecord",
  type: "metadata",
  apiKey: 26,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    tokenId: { type: "string" },
  },
} as const satisfies MessageSchema;
