import type { MessageSchema } from "../../../codec/schema.ts";

/** A user's SCRAM credential set. */
export const UserScramCredentialRecord = {
  name: "UserScramCredentialRecord",
  type: "metadata",
  apiKey: 11,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    name: { type: "string" },
    mechanism: { type: "int8" },
    salt: { type: "bytes" },
    storedKey: { type: "bytes" },
    serverKey: { type: "bytes" },
    iterations: { type: "int32" },
  },
} as const satisfies MessageSchema;
