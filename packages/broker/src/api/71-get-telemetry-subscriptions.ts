import {
  compressionIds,
  errorCodes,
  GetTelemetrySubscriptions,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { telemetryClient } from "./client-identity.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * GetTelemetrySubscriptions (key 71), version 0: tells a client which of its metrics are wanted,
 * how often, and gives it an instance id when it has none.
 * - Sooner than after its interval: THROTTLING_QUOTA_EXCEEDED, unless subscriptions have changed.
 */
export const getTelemetrySubscriptions: Handler<typeof GetTelemetrySubscriptions> = {
  api: GetTelemetrySubscriptions,
  versions: "0",
  handle,
};

/** What clients may compress with, the best first; not compressing is always allowed. */
const acceptedCompressionTypes = [
  compressionIds.zstd,
  compressionIds.lz4,
  compressionIds.gzip,
  compressionIds.snappy,
];

function handle(
  request: RequestOf<typeof GetTelemetrySubscriptions>,
  context: RequestContext,
): ResponseInput<typeof GetTelemetrySubscriptions> {
  const { telemetry } = context.services;
  const reply = telemetry.subscriptionsOf(request.clientInstanceId, telemetryClient(context));
  if (reply.error !== "NONE") {
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes[reply.error],
      clientInstanceId: ZERO_UUID,
      subscriptionId: 0,
      acceptedCompressionTypes: [],
      pushIntervalMs: 0,
      telemetryMaxBytes: 0,
      deltaTemporality: false,
      requestedMetrics: [],
    };
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    clientInstanceId: reply.clientInstanceId,
    subscriptionId: reply.subscriptionId,
    acceptedCompressionTypes,
    pushIntervalMs: reply.wanted.intervalMs,
    telemetryMaxBytes: reply.bytesMax,
    deltaTemporality: true,
    requestedMetrics: reply.wanted.metrics,
  };
}
