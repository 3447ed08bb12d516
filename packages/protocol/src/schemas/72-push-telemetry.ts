import type { ApiSchema } from "../codec/schema.ts";

/** PushTelemetry: carries a client's metrics. */
export const PushTelemetry = {
  key: 72,
  name: "PushTelemetry",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    clientInstanceId: { type: "uuid" },
    subscriptionId: { type: "int32" },
    terminating: { type: "bool" },
    compressionType: { type: "int8" },
    metrics: { type: "bytes" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
  },
} as const satisfies ApiSchema;
