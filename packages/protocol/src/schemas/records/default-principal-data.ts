import type { MessageSchema } from "../../codec/schema.ts";

/** A principal as a forwarding broker carries it inside Envelope and delegation tokens. */
export const DefaultPrincipalData = {
  name: "DefaultPrincipalData",
  type: "data",
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    type: { type: "string" },
    name: { type: "string" },
    tokenAuthenticated: { type: "bool" },
  },
} as const satisfies MessageSchema;
