import { ReadShareGroupState, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { readShareGroupStates } from "../coordination/share-coordinator-requests.ts";
import { mayCluster } from "./access.ts";
import { refuseEachPartition } from "./share-state-refusal.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ReadShareGroupState (key 84), version 0: the state of a share group's partitions, for the brokers
 * that lead them. Answers per partition.
 * - A leader epoch that is new is written down; an older one is FENCED_LEADER_EPOCH.
 * - A state that was never begun is INVALID_REQUEST.
 */
export const readShareGroupState: Handler<typeof ReadShareGroupState> = {
  api: ReadShareGroupState,
  versions: "0",
  handle,
};

function handle(
  request: RequestOf<typeof ReadShareGroupState>,
  context: RequestContext,
): Promise<ResponseInput<typeof ReadShareGroupState>> | ResponseInput<typeof ReadShareGroupState> {
  const { services } = context;
  if (!mayCluster(context, "CLUSTER_ACTION")) {
    return { results: refuseEachPartition(request.topics, "CLUSTER_AUTHORIZATION_FAILED") };
  }
  return readShareGroupStates(request, services.shares.ask);
}
