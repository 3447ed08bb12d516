import type { ApiSchema } from "../codec/schema.ts";

/** SaslAuthenticate: exchanges the tokens of a SASL mechanism. */
export const SaslAuthenticate = {
  key: 36,
  name: "SaslAuthenticate",
  listeners: ["broker", "controller"],
  versions: "0-2",
  flexibleVersions: "2+",
  request: {
    authBytes: { type: "bytes" },
  },
  response: {
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
    authBytes: { type: "bytes" },
    sessionLifetimeMs: {
      type: "int64",
      versions: "1+",
      default: 0,
      ignorable: true,
      as: "saturated",
    },
  },
} as const satisfies ApiSchema;
