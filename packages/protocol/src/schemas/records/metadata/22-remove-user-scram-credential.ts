import type { MessageSchema } from "../../../codec/schema.ts";

/** A user's SCRAM credential removed. */
export const RemoveUserScramCredentialRecord = {
  name: "RemoveUserScramCredentialRecord",
  type: "metadata",
  apiKey: 22,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    name: { type: "string" },
    mechanism: { type: "int8" },
  },
} as const satisfies MessageSchema;
