import {
  errorCodes,
  type RequestOf,
  type ResponseInput,
  UnregisterBroker,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/** UnregisterBroker (key 64), version 0: forgets a broker that will not come back. */
export const unregisterBroker: Handler<typeof UnregisterBroker> = {
  api: UnregisterBroker,
  versions: "0",
  handle,
};

async function handle(
  request: RequestOf<typeof UnregisterBroker>,
  context: RequestContext,
): Promise<ResponseInput<typeof UnregisterBroker>> {
  if (!mayCluster(context, "ALTER")) {
    const errorMessage = "Cluster authorization failed.";
    return { throttleTimeMs: 0, errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, errorMessage };
  }
  const outcome = await context.services.controller.unregisterBroker(request.brokerId);
  if (outcome.kind === "done") {
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null };
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[outcome.error],
    errorMessage: outcome.message,
  };
}
