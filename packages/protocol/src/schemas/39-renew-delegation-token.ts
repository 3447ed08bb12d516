import type { ApiSchema } from "../codec/schema.ts";

/** RenewDelegationToken: prolongs a delegation token. */
export const RenewDelegationToken = {
  key: 39,
  name: "RenewDelegationToken",
  listeners: ["broker", "controller"],
  versions: "1-2",
  flexibleVersions: "2+",
  request: {
    hmac: { type: "bytes" },
    renewPeriodMs: { type: "int64", as: "saturated" },
  },
  response: {
    errorCode: { type: "int16" },
    expiryTimestampMs: { type: "int64", as: "saturated" },
    throttleTimeMs: { type: "int32" },
  },
} as const satisfies ApiSchema;
