import type { ApiSchema } from "../codec/schema.ts";

/** SaslHandshake: chooses a SASL mechanism for the connection. */
export const SaslHandshake = {
  key: 17,
  name: "SaslHandshake",
  listeners: ["broker", "controller"],
  versions: "0-1",
  flexibleVersions: "none",
  request: {
    mechanism: { type: "string" },
  },
  response: {
    errorCode: { type: "int16" },
    mechanisms: { type: "[]string" },
  },
} as const satisfies ApiSchema;
