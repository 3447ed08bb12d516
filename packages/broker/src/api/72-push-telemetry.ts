import { errorCodes, PushTelemetry, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { telemetryClient } from "./client-identity.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * PushTelemetry (key 72), version 0: takes a client's metrics, an OTLP message, which `/metrics`
 * then shows.
 * - Refused: without an instance id, or after the last push (INVALID_REQUEST); too early
 *   (THROTTLING_QUOTA_EXCEEDED); for another subscription (UNKNOWN_SUBSCRIPTION_ID); compressed in
 *   an unknown way (UNSUPPORTED_COMPRESSION_TYPE); above telemetry.max.bytes
 *   (TELEMETRY_TOO_LARGE); no such message (INVALID_RECORD).
 */
export const pushTelemetry: Handler<typeof PushTelemetry> = {
  api: PushTelemetry,
  versions: "0",
  borrowsBytes: true,
  handle,
};

function handle(
  request: RequestOf<typeof PushTelemetry>,
  context: RequestContext,
): ResponseInput<typeof PushTelemetry> {
  const { clientInstanceId, subscriptionId, terminating, compressionType, metrics } = request;
  const error = context.services.telemetry.push(
    { clientInstanceId, subscriptionId, isTerminating: terminating, compressionType, metrics },
    telemetryClient(context),
  );
  return { throttleTimeMs: 0, errorCode: errorCodes[error] };
}
