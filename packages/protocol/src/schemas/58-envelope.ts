import type { ApiSchema } from "../codec/schema.ts";

/** Envelope: carries a forwarded request with its principal to the controller. */
export const Envelope = {
  key: 58,
  name: "Envelope",
  listeners: ["controller"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    requestData: { type: "bytes" },
    requestPrincipal: { type: "bytes", nullable: true },
    clientHostAddress: { type: "bytes" },
  },
  response: {
    responseData: { type: "bytes", nullable: true, default: null },
    errorCode: { type: "int16" },
  },
} as const satisfies ApiSchema;
