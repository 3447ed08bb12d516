import type { ApiSchema } from "../codec/schema.ts";

/** ExpireDelegationToken: ends a delegation token. */
export const ExpireDelegationToken = {
  key: 40,
  name: "ExpireDelegationToken",
  listeners: ["broker", "controller"],
  versions: "1-2",
  flexibleVersions: "2+",
  request: {
    hmac: { type: "bytes" },
    expiryTimePeriodMs: { type: "int64", as: "saturated" },
  },
  response: {
    errorCode: { type: "int16" },
    expiryTimestampMs: { type: "int64", as: "saturated" },
    throttleTimeMs: { type: "int32" },
  },
} as const satisfies ApiSchema;
