import { InitializeShareGroupState, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { initializeShareGroupStates } from "../coordination/share-coordinator-requests.ts";
import { mayCluster } from "./access.ts";
import { refuseEachPartition } from "./share-state-refusal.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * InitializeShareGroupState (key 83), version 0: begins the state of a share group's partitions, or
 * sets it anew at an offset. Sent by group coordinators; answers per partition.
 * - An older state epoch than the last is FENCED_STATE_EPOCH.
 */
export const initializeShareGroupState: Handler<typeof InitializeShareGroupState> = {
  api: InitializeShareGroupState,
  versions: "0",
  handle,
};

function handle(
  request: RequestOf<typeof InitializeShareGroupState>,
  context: RequestContext,
):
  | Promise<ResponseInput<typeof InitializeShareGroupState>>
  | ResponseInput<typeof InitializeShareGroupState> {
  const { services } = context;
  if (!mayCluster(context, "CLUSTER_ACTION")) {
    return { results: refuseEachPartition(request.topics, "CLUSTER_AUTHORIZATION_FAILED") };
  }
  return initializeShareGroupStates(request, services.shares.ask);
}
