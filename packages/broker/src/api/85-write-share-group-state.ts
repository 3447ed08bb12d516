import { WriteShareGroupState, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { writeShareGroupStates } from "../coordination/share-coordinator-requests.ts";
import { mayCluster } from "./access.ts";
import { refuseEachPartition } from "./share-state-refusal.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * WriteShareGroupState (key 85), versions 0-1: what has changed in a share group's partitions, from
 * the brokers that lead them. Answers per partition.
 * - v1: how many records from the start offset on are done (KIP-1226).
 * - Older epochs of leader or state are fenced; a state that was never begun is INVALID_REQUEST.
 */
export const writeShareGroupState: Handler<typeof WriteShareGroupState> = {
  api: WriteShareGroupState,
  versions: "0-1",
  handle,
};

function handle(
  request: RequestOf<typeof WriteShareGroupState>,
  context: RequestContext,
):
  | Promise<ResponseInput<typeof WriteShareGroupState>>
  | ResponseInput<typeof WriteShareGroupState> {
  const { services } = context;
  if (!mayCluster(context, "CLUSTER_ACTION")) {
    return { results: refuseEachPartition(request.topics, "CLUSTER_AUTHORIZATION_FAILED") };
  }
  return writeShareGroupStates(request, services.shares.ask);
}
