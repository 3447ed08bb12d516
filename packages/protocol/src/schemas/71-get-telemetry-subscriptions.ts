import type { ApiSchema } from "../codec/schema.ts";

/** GetTelemetrySubscriptions: tells a client which of its metrics are wanted. */
export const GetTelemetrySubscriptions = {
  key: 71,
  name: "GetTelemetrySubscriptions",
  listeners: ["broker"],
  versions: "0",
  flexibleVersions: "0+",
  request: {
    clientInstanceId: { type: "uuid" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    clientInstanceId: { type: "uuid" },
    subscriptionId: { type: "int32" },
    acceptedCompressionTypes: { type: "[]int8" },
    pushIntervalMs: { type: "int32" },
    telemetryMaxBytes: { type: "int32" },
    deltaTemporality: { type: "bool" },
    requestedMetrics: { type: "[]string" },
  },
} as const satisfies ApiSchema;
