import type { MessageSchema } from "../codec/schema.ts";

/** What stands before every request. */
export const RequestHeader = {
  name: "RequestHeader",
  type: "header",
  versions: "1-2",
  flexibleVersions: "2+",
  fields: {
    requestApiKey: { type: "int16" },
    requestApiVersion: { type: "int16" },
    correlationId: { type: "int32" },
    clientId: { type: "string", nullable: true, flexible: false },
  },
} as const satisfies MessageSchema;

/** What stands before every response. */
export const ResponseHeader = {
  name: "ResponseHeader",
  type: "header",
  versions: "0-1",
  flexibleVersions: "1+",
  fields: {
    correlationId: { type: "int32" },
  },
} as const satisfies MessageSchema;
